import type { ChannelName, Delivery } from '../../domain/delivery.ts'
import type { DeliveryOutcome } from '../../ports/notifications.ts'
import type { NotificationParts } from './parts.ts'
import { sendMail } from './send-mail.ts'
import { sendText } from './send-text.ts'
import { sendWebhook } from './webhooks/send-webhook.ts'

/** Hands one delivery to its channel; what the channel throws is the reason it is put off or parked. */
type Sender = (parts: NotificationParts, delivery: Delivery) => Promise<DeliveryOutcome>

/** How each channel is used. */
export const SENDERS: Readonly<Record<ChannelName, Sender>> = {
  email: sendMail,
  sms: sendText,
  webhook: sendWebhook,
}
