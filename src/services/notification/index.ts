import type { QueueMessage } from '../../domain/queue-message.ts'
import { every } from '../../kit/clock.ts'
import type { Service } from '../../kit/service.ts'
import type { Subscription } from '../../ports/broker.ts'
import { UNMEASURED } from '../../ports/metrics.ts'
import { UNTRACED } from '../../ports/tracer.ts'
import { adoptResult } from './adopt-result.ts'
import { announce } from './announce.ts'
import { createDelivering } from './delivering.ts'
import { forgetDeliveries } from './forget-deliveries.ts'
import type { NotificationParts } from './parts.ts'

export { createNotificationCenter } from './center/center.ts'
export { createNotificationServer } from './server.ts'
export { openTemplates } from './templates.ts'

const SWEEP = 3_000
/** Between two looks for deliveries that ended long ago, milliseconds. */
const FORGET = 10 * 60_000

type Optional = 'now' | 'metrics' | 'tracer'

/** Tells people how their conversions ended. Woken by messages, by its start and by a timer; the rows hold the work. */
export function createNotification(
  options: Omit<NotificationParts, Optional> & Partial<Pick<NotificationParts, Optional>>,
): Service {
  const parts: NotificationParts = { now: Date.now, metrics: UNMEASURED, tracer: UNTRACED, ...options }
  const { broker, settings, logger } = parts
  let subscriptions: Subscription[] = []
  let sweeps: { stop(): Promise<void> }[] = []
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  let stopped = false
  let wanted = false
  let working: Promise<void> | undefined

  const delivering = createDelivering(parts)
  const work = async () => {
    while (wanted && !stopped) {
      wanted = false // whoever wakes us from here on gets another round
      await announce(parts).catch((error: unknown) =>
        logger.warn({ err: error }, 'nothing can be announced now; the timer tries again'),
      )
      if (!stopped) delivering.look()
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
    sweeps = [
      every(settings.sweepMs ?? SWEEP, wake),
      every(settings.forgetMs ?? FORGET, (signal) => forgetDeliveries(parts, signal)),
    ]
  }

  async function stop() {
    await starting?.catch(() => {})
    stopped = true
    delivering.stop()
    await Promise.all([
      ...sweeps.map((sweep) => sweep.stop()),
      ...subscriptions.map((subscription) => subscription.close()),
    ])
    await working
    await delivering.idle() // what is under way, which the time-outs of its channel bound
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
