import type { Delivery } from '../../domain/delivery.ts'
import type { DeliveryOutcome } from '../../ports/notifications.ts'
import type { NotificationParts } from './parts.ts'
import { renderText } from './render-text.ts'

/** Sends a delivery as a text. */
export async function sendText(parts: NotificationParts, delivery: Delivery): Promise<DeliveryOutcome> {
  return { state: await parts.channels.sms.send(renderText(delivery, parts)) }
}
