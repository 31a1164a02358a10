import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { toAppError } from '../../../domain/errors.ts'
import { parseQueueMessage } from '../../../domain/queue-message.ts'
import { withDeadline } from '../../../kit/closers.ts'
import type { Logger } from '../../../kit/logger.ts'
import type { QueueMessage } from '../../../ports/broker.ts'
import { bury } from './dead-letters.ts'
import type { Publisher } from './publisher.ts'

export interface ConsumerOptions {
  /** Its name at the broker. */
  readonly queue: string
  readonly handle: (message: QueueMessage) => Promise<void>
  /** For what goes back, or to the dead letters. */
  readonly send: Publisher['send']
  /** Milliseconds before a message whose handler failed comes again; doubles with each failure. */
  readonly retryMs: number
  readonly logger: Logger
}

/** Consuming over one channel, from its opening to its end. */
export interface Consumer {
  /** Waits for the handler under way; what was not handled goes back to the queue. */
  stop(): Promise<void>
}

/**
 * One is handled, the others wait out the pause after a failure. With one message at a time a failed one would hold up
 * those behind it; without a bound, an outage would draw the whole queue in here.
 */
const AT_HAND = 8
const LONGEST_PAUSE = 30_000
/** A header of a message that comes again. */
const FAILURES = 'soundlift-failures'
const LONGEST_GOODBYE = 1_000

/** Opens a channel and handles what comes, one after another. `onLost` is called when the broker ends it. */
export async function openConsumer(
  model: ChannelModel,
  options: ConsumerOptions,
  onLost: (why: Error) => void,
): Promise<Consumer> {
  const channel = await model.createChannel()
  const waiting: ConsumeMessage[] = []
  let stopped = false
  let running: Promise<void> | undefined
  const settle = createSettle(channel, options)

  const handle = async ({ content }: ConsumeMessage) => options.handle(parseQueueMessage(content))
  const run = async () => {
    for (let next = waiting.shift(); next && !stopped; next = waiting.shift()) {
      const message = next
      await handle(message).then(
        () => settle.done(message),
        (error: unknown) => settle.failed(message, error),
      )
    }
    running = undefined
  }
  const onMessage = (message: ConsumeMessage | null) => {
    if (stopped) return
    if (message === null) return onLost(new Error(`the queue '${options.queue}' is gone`))
    waiting.push(message)
    running ??= run()
  }
  channel.on('error', () => {}) // `close` follows
  channel.on('close', () => stopped || onLost(new Error('the channel was closed')))
  await channel.prefetch(AT_HAND)
  await channel.consume(options.queue, onMessage)
  return {
    async stop() {
      stopped = true
      settle.stop()
      await running
      await withDeadline(channel.close(), LONGEST_GOODBYE).catch(() => {}) // the broker takes back what is not settled
    },
  }
}

/** What becomes of a message after its handler. */
function createSettle(channel: Channel, { queue, send, retryMs, logger }: ConsumerOptions) {
  const pauses = new Set<NodeJS.Timeout>()

  /** A channel that was closed has given all its messages back already. */
  const ifOpen = (deed: () => void) => {
    try {
      deed()
    } catch {}
  }
  const done = (message: ConsumeMessage) => ifOpen(() => channel.ack(message))

  /** To the end of the queue: handed back, it would stand in front again, and a few such would hold up all others. */
  const again = async (message: ConsumeMessage) => {
    const { content, properties } = message
    const headers = { [FAILURES]: `${failuresOf(message) + 1}` }
    try {
      await send(queue, { body: content, contentType: properties.contentType, headers })
      done(message)
    } catch {
      ifOpen(() => channel.nack(message)) // to the front, then
    }
  }
  const later = (message: ConsumeMessage) => {
    const pause = Math.min(LONGEST_PAUSE, retryMs * 2 ** failuresOf(message))
    const timer = setTimeout(() => {
      pauses.delete(timer)
      void again(message)
    }, pause)
    pauses.add(timer)
  }

  return {
    done,
    async failed(message: ConsumeMessage, error: unknown) {
      const { code, message: reason } = toAppError(error)
      if (code !== 'MESSAGE_UNUSABLE') {
        logger.warn({ err: error, queue }, 'a message could not be handled; it comes again')
        return later(message)
      }
      try {
        await bury(send, queue, message, reason)
        logger.warn({ queue, reason, size: message.content.length }, 'a message is kept as a dead letter')
        done(message)
      } catch (err) {
        logger.warn({ err, queue }, 'a dead letter could not be kept; the message comes again')
        later(message)
      }
    },
    stop() {
      for (const timer of pauses) clearTimeout(timer)
    },
  }
}

/** How often its handler failed; 0 when a stranger wrote something else there. */
function failuresOf({ properties }: ConsumeMessage): number {
  const count = Number(properties.headers?.[FAILURES])
  return Number.isInteger(count) && count > 0 ? count : 0
}
