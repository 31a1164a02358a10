import { newId } from '../../kit/ids.ts'
import type { NotificationParts } from './parts.ts'

const BATCH = 100

/**
 * Turns every event that was not announced into deliveries. Broken off anywhere, it is simply done again: a delivery
 * is unique by event, channel and address.
 */
export async function announce({ library, notifications, now }: NotificationParts): Promise<void> {
  for (;;) {
    const events = await library.unannounced(BATCH)
    if (events.length === 0) return
    const deliveries = events.map((event) => ({
      id: newId(now()),
      event,
      channel: 'email' as const,
      address: event.username,
    }))
    await notifications.enqueue(deliveries, now())
    await library.announced(events.map((event) => event.id))
  }
}
