import type { Delivery } from '../../../domain/delivery.ts'
import { type AppError, toAppError } from '../../../domain/errors.ts'
import { isAboutConversion, personOf } from '../../../domain/event.ts'
import { hasFailedForLong, secretOfConversions, type Webhook } from '../../../domain/webhook.ts'
import type { DeliveryOutcome } from '../../../ports/notifications.ts'
import type { NotificationParts } from '../parts.ts'
import { renderWebhook } from './body.ts'
import { disable } from './disable.ts'
import { secretsOf } from './secrets.ts'

/** Sends a delivery to the URL of its conversion, or to an endpoint of the person. */
export async function sendWebhook(parts: NotificationParts, delivery: Delivery): Promise<DeliveryOutcome> {
  const { event, address } = delivery
  if (isAboutConversion(event) && event.webhook && address === event.conversionId) {
    const secrets = [secretOfConversions(parts.settings.secret, personOf(event))]
    return bring(parts, delivery, { url: event.webhook, secrets })
  }
  const endpoint = await parts.notifications.webhooks.get(address)
  if (!endpoint) return { state: 'skipped', reason: 'the webhook was removed' }
  if (!endpoint.enabled) return { state: 'skipped', reason: 'the webhook is switched off' }
  return toEndpoint(parts, delivery, endpoint)
}

/** Whether it works is kept with the endpoint: one that has not for a week, or is gone, is not called any more. */
async function toEndpoint(
  parts: NotificationParts,
  delivery: Delivery,
  endpoint: Webhook,
): Promise<DeliveryOutcome> {
  const { notifications, settings, now } = parts
  const { webhooks } = notifications
  const secrets = secretsOf(settings.secret, endpoint, now())
  try {
    const outcome = await bring(parts, delivery, { url: endpoint.url, secrets })
    if (endpoint.failingSince !== null) await webhooks.change(endpoint.id, { failingSince: null })
    return outcome
  } catch (error) {
    const failing = await webhooks.failing(endpoint.id, now())
    const reason = failing && reasonToDisable(toAppError(error), failing, now())
    if (failing && reason) await disable(parts, failing, reason, delivery)
    throw error
  }
}

function reasonToDisable({ code, message }: AppError, endpoint: Webhook, now: number): string | null {
  if (code === 'WEBHOOK_GONE') return message
  return hasFailedForLong(endpoint, now) ? `It has failed for a week; the last time: ${message}` : null
}

async function bring(
  { channels, now }: NotificationParts,
  { event, address }: Delivery,
  to: { readonly url: string; readonly secrets: readonly string[] },
): Promise<DeliveryOutcome> {
  const id = `${event.id}.${address}`
  return { state: await channels.webhook.send({ id, ...to, body: renderWebhook(event), now: now() }) }
}
