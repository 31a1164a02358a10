import type { QueueMessage } from '../../domain/queue-message.ts'
import { type Clock, every } from '../../kit/clock.ts'
import type { Service } from '../../kit/service.ts'
import type { Subscription } from '../../ports/broker.ts'
import { adoptResult } from './adopt-result.ts'
import { announce } from './announce.ts'
import { deliverDue } from './deliver.ts'
import type { NotificationParts } from './parts.ts'

export { createNotificationServer } from './server.ts'

const SWEEP = 3_000

/** Tells people how their conversions ended. Woken by messages, by its start and by a timer; the rows hold the work. */
export function createNotification(options: Omit<NotificationParts, 'now'> & { now?: Clock }): Service {
  const parts: NotificationParts = { now: Date.now, ...options }
  const { broker, settings, logger } = parts
  let subscriptions: Subscription[] = []
  let sweep: { stop(): Promise<void> } | undefined
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  let stopped = false
  let wanted = false
  let working: Promise<void> | undefined

  const later = (what: string) => (error: unknown) =>
    logger.warn({ err: error }, `nothing can be ${what} now; the timer tries again`)
  const work = async () => {
    while (wanted && !stopped) {
      wanted = false // whoever wakes us from here on gets another round
      await announce(parts).catch(later('announced'))
      await deliverDue(parts, () => stopped).catch(later('delivered'))
    }
    working = undefined
  }
  const wake = async () => {
    wanted = true
    working ??= work()
  }

  async function start() {
    const result = async (message: QueueMessage) => {
      await adoptResult(parts, message)
      await wake()
    }
    subscriptions = [await broker.subscribe('mp3', result), await broker.subscribe('failed', wake)]
    sweep = every(settings.sweepMs ?? SWEEP, wake)
  }

  async function stop() {
    await starting?.catch(() => {})
    stopped = true
    await Promise.all([sweep?.stop(), ...subscriptions.map((subscription) => subscription.close())])
    await working // at most one message, which the channel's time-out bounds
  }

  return {
    name: 'notification',
    start() {
      starting ??= start()
      return starting
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}
