import { AppError, toAppError } from '../../domain/errors.ts'
import type { Broker } from '../../ports/broker.ts'
import type { BrokerSettings } from './index.ts'
import { addressOf } from './rabbitmq/address.ts'
import { createDeadLetters } from './rabbitmq/dead-letters.ts'
import type { Connect } from './rabbitmq/dial.ts'
import { keepLink, type Link } from './rabbitmq/link.ts'
import { openPublisher } from './rabbitmq/publisher.ts'
import type { Queues } from './rabbitmq/queues.ts'
import { type KeptSubscription, keepSubscription } from './rabbitmq/subscription.ts'

export interface RabbitmqSettings extends BrokerSettings {
  /** Milliseconds to wait for the broker at the start; 60 s, or 5 s where it may be away. */
  readonly waitMs?: number
  /** Milliseconds before a message whose handler failed comes again; 1 s. */
  readonly retryMs?: number
}

/**
 * Queues at a RabbitMQ server. Opening waits for it; CONFIG_INVALID when a queue exists with other arguments,
 * SERVICE_UNAVAILABLE when nothing answers in time.
 */
export async function openRabbitmq(settings: RabbitmqSettings): Promise<Broker> {
  const { mayBeAway = false, waitMs = mayBeAway ? 5_000 : 60_000, retryMs = 1_000 } = settings
  const queues: Queues = { ...settings.queues, failed: `${settings.queues.mp3}.failed` }
  const address = addressOf(settings.url)
  const logger = settings.logger.child({ broker: address.shown })
  const connect = await importConnect()
  const subscriptions = new Set<KeptSubscription>()
  const publisher = openPublisher({
    ...{ connect, address, queues },
    logger: logger.child({ connection: 'publisher' }),
  })
  let consumers: Link | undefined
  let closing: Promise<void> | undefined

  const openConsumers = () => {
    consumers ??= keepLink({
      ...{ connect, address },
      logger: logger.child({ connection: 'consumers' }),
      onChange: () => {
        for (const subscription of subscriptions) void subscription.settle()
      },
    })
    return consumers
  }
  const close = async () => {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()))
    await Promise.all([consumers?.close(), publisher.close()])
  }
  const refuseClosed = () => {
    if (closing) throw new AppError('SERVICE_UNAVAILABLE', 'the broker is closed')
  }

  const connected = async (link: Link) => {
    await link.ready(waitMs).catch((error: unknown) => {
      if (!mayBeAway || toAppError(error).code !== 'SERVICE_UNAVAILABLE') throw error
      logger.warn('the broker is away: work is looked for every few seconds until it comes')
    })
  }

  await connected(publisher.link).catch(async (error: unknown) => {
    await publisher.close()
    throw error
  })
  return {
    get connected() {
      return !closing && publisher.link.model !== undefined && (!consumers || consumers.model !== undefined)
    },
    deadLetters: createDeadLetters(publisher, queues),
    async publish(name, message) {
      refuseClosed()
      await publisher.send(queues[name], { body: Buffer.from(JSON.stringify(message)) })
    },
    async subscribe(name, handle) {
      refuseClosed()
      const link = openConsumers()
      await connected(link)
      const { send } = publisher
      const subscription = keepSubscription(link, { queue: queues[name], handle, send, retryMs, logger })
      subscriptions.add(subscription)
      await subscription.settle()
      return subscription
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}

async function importConnect(): Promise<Connect> {
  try {
    return (await import('amqplib')).connect
  } catch (cause) {
    throw new AppError('INTERNAL', 'the package amqplib can not be loaded', { cause })
  }
}
