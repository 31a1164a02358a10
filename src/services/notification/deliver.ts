import { type Delivery, nextDeliveryAt } from '../../domain/delivery.ts'
import { type AppError, toAppError } from '../../domain/errors.ts'
import { emailKey } from '../../domain/user.ts'
import { deriveKey, sign } from '../../kit/signed.ts'
import type { DeliveryOutcome } from '../../ports/notifications.ts'
import { renderMail } from './mail.ts'
import type { NotificationParts } from './parts.ts'

/** No channel takes longer than this for one message; with a shorter lease another would send it too. */
const SHORTEST_LEASE = 30_000

/** Sends what is due, one after another, until nothing is or `stopped` says so. */
export async function deliverDue(parts: NotificationParts, stopped: () => boolean): Promise<void> {
  const { notifications, settings, now } = parts
  const leaseMs = Math.max(settings.leaseMs, SHORTEST_LEASE)
  while (!stopped()) {
    const delivery = await notifications.claim({ now: now(), leaseMs })
    if (!delivery) return
    await deliver(parts, delivery)
  }
}

async function deliver(parts: NotificationParts, delivery: Delivery): Promise<void> {
  const { notifications, now } = parts
  const { requestId, conversionId } = delivery.event
  const logger = parts.logger.child({ requestId, conversionId, deliveryId: delivery.id })
  const outcome = await attempt(parts, delivery).catch((error: unknown) => {
    logger.warn({ err: error }, 'a delivery failed')
    return afterFailedSending(delivery, toAppError(error), now())
  })
  try {
    await notifications.settle(delivery, outcome, now())
    logger.info({ outcome: outcome.state, attempt: delivery.attempt }, 'delivery')
  } catch (error) {
    if (toAppError(error).code !== 'LEASE_LOST') throw error
    logger.warn('the delivery took longer than its lease; another has taken it over')
  }
}

/** Switched off is honoured at the last moment, also for what was queued before. */
async function attempt(parts: NotificationParts, { event }: Delivery): Promise<DeliveryOutcome> {
  const { notifications, channels, settings } = parts
  const person = event.ownerId ?? emailKey(event.username)
  const preferences = await notifications.preferences(person)
  if (!preferences.email.enabled) return { state: 'skipped' }
  const token = sign(deriveKey(settings.secret, 'unsubscribe'), { person })
  return { state: await channels.email.send(renderMail(event, settings.publicUrl(), token)) }
}

function afterFailedSending(delivery: Delivery, error: AppError, now: number): DeliveryOutcome {
  const reason = error.message
  if (error.code === 'DELIVERY_REFUSED') return { state: 'parked', reason }
  const notBefore = nextDeliveryAt(delivery.attempt, now, Math.random())
  if (notBefore !== null) return { state: 'queued', reason, notBefore }
  return { state: 'parked', reason: `given up after ${delivery.attempt} attempts: ${reason}` }
}
