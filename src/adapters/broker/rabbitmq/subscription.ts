import type { ChannelModel } from 'amqplib'
import type { Subscription } from '../../../ports/broker.ts'
import { type Consumer, type ConsumerOptions, openConsumer } from './consumer.ts'
import type { Link } from './link.ts'

export interface KeptSubscription extends Subscription {
  /** Does what is needed after the connection changed, and resolves when it is done. */
  settle(): Promise<void>
}

/** Keeps one consumer open as long as there is a connection, and neither a pause nor the end. */
export function keepSubscription(link: Link, options: ConsumerOptions): KeptSubscription {
  let paused = false
  let closed = false
  let consumer: (Consumer & { readonly model: ChannelModel }) | undefined
  let settling: Promise<void> | undefined

  const open = async (model: ChannelModel) => {
    try {
      return { model, ...(await openConsumer(model, options, (why) => link.renew(model, why))) }
    } catch (error) {
      link.renew(model, error)
      return undefined
    }
  }
  const run = async () => {
    await Promise.resolve() // `settling` is set before the first look
    for (;;) {
      const wanted = paused || closed ? undefined : link.model
      if (consumer?.model === wanted) break
      await consumer?.stop()
      consumer = wanted && (await open(wanted))
    }
    settling = undefined
  }
  const settle = () => {
    settling ??= run()
    return settling
  }
  return {
    settle,
    pause() {
      paused = true
      void settle()
    },
    resume() {
      paused = false
      void settle()
    },
    async close() {
      closed = true
      await settle()
    },
  }
}
