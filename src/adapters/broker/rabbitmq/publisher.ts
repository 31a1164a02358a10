import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { AppError } from '../../../domain/errors.ts'
import { withDeadline } from '../../../kit/closers.ts'
import { newId } from '../../../kit/ids.ts'
import { keepLink, type Link, type LinkOptions } from './link.ts'
import { declareQueues, type Queues } from './queues.ts'

/** A body on its way, with what may stand beside it. */
export interface Outgoing {
  readonly body: Buffer
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Publisher {
  readonly link: Link
  /** Puts a message into a queue; resolves when the broker has it safe. SERVICE_UNAVAILABLE after at most 5 s. */
  send(queue: string, message: Outgoing): Promise<void>
  /** Waits for what is on its way. */
  close(): Promise<void>
}

/** Milliseconds, from the call to the confirm. */
const LONGEST_SEND = 5_000

/** What one connection has for sending. */
interface Outlet {
  readonly channel: ConfirmChannel
  /** By message id: told when the broker returns the message, because there is no such queue. */
  readonly onReturn: Map<string, () => void>
  /** Why the broker takes nothing now: it is low on memory or disk. */
  blocked: string | undefined
  /** Resolves when the channel's buffer, which is full, has room again. */
  full: PromiseWithResolvers<void> | undefined
}

/** Declares the queues on a connection of its own and sends with confirms: a blocked publisher stops no consumer. */
export function openPublisher(options: Omit<LinkOptions, 'setup'> & { queues: Queues }): Publisher {
  const { logger, queues } = options
  const underway = new Set<Promise<void>>()
  let outlet: Outlet | undefined

  const setup = async (model: ChannelModel) => {
    await declareQueues(model, queues)
    const channel = await model.createConfirmChannel()
    const opened: Outlet = { channel, onReturn: new Map(), blocked: undefined, full: undefined }
    channel.on('error', () => {}) // `close` follows
    channel.on('close', () => link.renew(model, new Error('the channel was closed')))
    channel.on('return', ({ properties }) => {
      opened.onReturn.get(properties.messageId)?.()
      link.renew(model, new Error('a queue is gone')) // the next connection declares it
    })
    channel.on('drain', () => {
      opened.full?.resolve()
      opened.full = undefined
    })
    model.on('blocked', (reason) => {
      opened.blocked = reason
      logger.warn({ reason }, 'the broker takes no messages for now')
    })
    model.on('unblocked', () => {
      opened.blocked = undefined
      logger.info('the broker takes messages again')
    })
    outlet = opened
  }
  const link = keepLink({ ...options, setup })

  const sendOnce = async (queue: string, message: Outgoing) => {
    while (outlet?.full) await outlet.full.promise
    if (outlet && outlet.blocked === undefined) return sendConfirmed(outlet, queue, message)
    const cause = outlet?.blocked
    throw new AppError('SERVICE_UNAVAILABLE', 'the broker takes no messages for now', { cause })
  }
  /** What was on its way when the connection was lost goes by the next: it may come twice, as any message may. */
  const send = async (queue: string, message: Outgoing) => {
    const until = Date.now() + LONGEST_SEND
    for (;;) {
      const model = await link.ready(LONGEST_SEND)
      try {
        return await sendOnce(queue, message)
      } catch (error) {
        if (link.model === model || Date.now() > until) throw error
      }
    }
  }

  return {
    link,
    async send(queue, message) {
      const sending = withDeadline(send(queue, message), LONGEST_SEND).catch((cause: unknown) => {
        if (cause instanceof AppError) throw cause
        throw new AppError('SERVICE_UNAVAILABLE', `the broker did not take a message for '${queue}'`, {
          cause,
        })
      })
      underway.add(sending)
      return sending.finally(() => underway.delete(sending))
    },
    async close() {
      await Promise.allSettled(underway)
      await link.close()
    },
  }
}

/** The broker confirms what it has for no queue too, but returns it before: the message is mandatory. */
async function sendConfirmed(outlet: Outlet, queue: string, message: Outgoing): Promise<void> {
  const { channel, onReturn } = outlet
  const { body, contentType = 'application/json', headers } = message
  const messageId = newId()
  const options = {
    ...{ contentType, messageId, timestamp: Math.floor(Date.now() / 1_000) },
    ...{ persistent: true, mandatory: true },
    ...(headers && { headers }),
  }
  const { promise: confirmed, resolve, reject } = Promise.withResolvers<void>()
  onReturn.set(messageId, () => reject(new Error('there is no such queue')))
  try {
    const room = channel.sendToQueue(queue, body, options, (error) => (error ? reject(error) : resolve()))
    if (!room) outlet.full ??= Promise.withResolvers()
    await confirmed
  } finally {
    onReturn.delete(messageId)
  }
}
