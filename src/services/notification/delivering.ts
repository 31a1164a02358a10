import { CHANNELS, type ChannelName, type Delivery } from '../../domain/delivery.ts'
import { personOf } from '../../domain/event.ts'
import { createTakeWork, type WorkTaker } from '../../kit/take-work.ts'
import { deliver } from './deliver.ts'
import type { NotificationParts } from './parts.ts'

/** No channel takes longer than this for one message; with a shorter lease another would send it too. */
const SHORTEST_LEASE = 30_000
/** Deliveries at once. Servers of mails and texts are the operator's; those of webhooks are anyone's, and may be slow. */
const SLOTS: Readonly<Record<ChannelName, number>> = { email: 1, sms: 1, webhook: 8 }
/** Webhooks of one person at once: the other slots are for the others, whatever that person's receivers do. */
const OF_ONE_PERSON = 2

/** Takes what is due of each channel; none waits for another. */
export function createDelivering(parts: NotificationParts): WorkTaker {
  const lanes = CHANNELS.map((channel) => createLane(parts, channel))
  return {
    look() {
      for (const lane of lanes) lane.look()
    },
    stop() {
      for (const lane of lanes) lane.stop()
    },
    async idle() {
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}

function createLane(parts: NotificationParts, channel: ChannelName): WorkTaker {
  const { notifications, settings, now, logger } = parts
  const leaseMs = Math.max(settings.leaseMs, SHORTEST_LEASE)
  const underWay = new Map<string, number>()
  const count = (person: string, change: 1 | -1) => {
    const left = (underWay.get(person) ?? 0) + change
    if (left === 0) underWay.delete(person)
    else underWay.set(person, left)
  }
  return createTakeWork<Delivery>({
    slots: SLOTS[channel],
    claim() {
      const except = [...underWay].flatMap(([person, many]) => (many >= OF_ONE_PERSON ? [person] : []))
      return notifications.claim({ channel, except, now: now(), leaseMs })
    },
    async run(delivery) {
      const person = personOf(delivery.event)
      count(person, 1)
      await deliver(parts, delivery).catch((error: unknown) =>
        logger.warn({ err: error }, 'how a delivery ended can not be written down now'),
      )
      count(person, -1)
    },
    logger,
  })
}
