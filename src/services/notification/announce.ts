import { newId } from '../../kit/ids.ts'
import type { NewDelivery } from '../../ports/notifications.ts'
import type { NotificationParts } from './parts.ts'
import { targetsOf } from './targets.ts'

const BATCH = 100

/**
 * Turns every event that was not announced into deliveries. Broken off anywhere, it is simply done again: a delivery
 * is unique by event, channel and address.
 */
export async function announce(parts: NotificationParts): Promise<void> {
  const { library, notifications, now } = parts
  for (;;) {
    const events = await library.unannounced(BATCH)
    if (events.length === 0) return
    const deliveries: NewDelivery[] = []
    for (const event of events) {
      const targets = await targetsOf(event, notifications)
      deliveries.push(...targets.map((target) => ({ id: newId(event.createdAt), event, ...target })))
    }
    await notifications.enqueue(deliveries, now())
    await library.announced(events.map((event) => event.id))
  }
}
