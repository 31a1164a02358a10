import type { Delivery } from '../../../domain/delivery.ts'
import type { Webhook } from '../../../domain/webhook.ts'
import { idFor, newId } from '../../../kit/ids.ts'
import type { NotificationParts } from '../parts.ts'

/**
 * Switches an endpoint off and tells its owner by mail. The mail comes first, under an id that is the same when this is
 * broken off and done again.
 */
export async function disable(
  { notifications, now }: NotificationParts,
  { id, person, email, url, failingSince }: Webhook,
  reason: string,
  { event: { requestId } }: Delivery,
): Promise<void> {
  const createdAt = now()
  const event = {
    id: idFor(`${id} disabled ${failingSince}`),
    type: 'webhook.disabled',
    requestId,
    person,
    webhookId: id,
    url,
    reason,
    createdAt,
  } as const
  const preferences = await notifications.preferences(person)
  const address = preferences.email.address ?? email
  await notifications.enqueue([{ id: newId(createdAt), event, channel: 'email', address }], createdAt)
  await notifications.webhooks.change(id, { enabled: false, disabledReason: reason })
}
