import type { Delivery } from '../../domain/delivery.ts'
import type { DeliveryOutcome } from '../../ports/notifications.ts'
import type { NotificationParts } from './parts.ts'
import { renderMail } from './render-mail.ts'

/** Sends a delivery as e-mail. */
export async function sendMail(parts: NotificationParts, delivery: Delivery): Promise<DeliveryOutcome> {
  return { state: await parts.channels.email.send(renderMail(delivery, parts)) }
}
