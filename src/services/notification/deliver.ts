import { type Delivery, nextDeliveryAt } from '../../domain/delivery.ts'
import { type AppError, type ErrorCode, toAppError } from '../../domain/errors.ts'
import { isAboutConversion, personOf, type ToldEvent } from '../../domain/event.ts'
import { wants } from '../../domain/preferences.ts'
import { SERIES } from '../../domain/series.ts'
import { isId } from '../../kit/ids.ts'
import { reasonOf, timed } from '../../kit/logger.ts'
import type { DeliveryOutcome } from '../../ports/notifications.ts'
import type { NotificationParts } from './parts.ts'
import { SENDERS } from './senders.ts'

/** One attempt at a delivery, and how it ended. */
export async function deliver(parts: NotificationParts, delivery: Delivery): Promise<void> {
  const { notifications, metrics, tracer, now } = parts
  const { id: deliveryId, channel, event } = delivery
  const about = isAboutConversion(event) ? { conversionId: event.conversionId } : {}
  const person = { ...about, userId: userOf(event) }
  const { requestId } = event
  const logger = timed(
    parts.logger.child({ requestId, ...person, deliveryId, channel, attempt: delivery.attempt }),
  )
  const span = tracer.begin(`deliver ${channel}`, {
    kind: 'client',
    parent: traceOf(event),
    attributes: {
      'soundlift.delivery.id': deliveryId,
      'soundlift.attempt': delivery.attempt,
      ...idOf(event),
    },
  })
  let failure: AppError | undefined
  const outcome = await attempt(parts, delivery).catch((error: unknown) => {
    failure = toAppError(error)
    return afterFailedSending(delivery, failure, now())
  })
  span.set({ 'soundlift.end': outcome.state })
  span.end(failure ? { error: failure.code } : {})
  try {
    await notifications.settle(delivery, outcome, now())
    metrics.count(SERIES.deliveries, { channel, end: outcome.state })
    if (failure) logger.warn({ outcome: outcome.state, code: failure.code, ...reasonOf(failure) }, 'delivery')
    else logger.info({ outcome: outcome.state }, 'delivery')
  } catch (error) {
    if (toAppError(error).code !== 'LEASE_LOST') throw error
    logger.warn('the delivery took longer than its lease; another has taken it over')
  }
}

const traceOf = (event: ToldEvent) => (isAboutConversion(event) ? (event.traceparent ?? null) : null)

const idOf = (event: ToldEvent) =>
  isAboutConversion(event) ? { 'soundlift.conversion.id': event.conversionId } : {}

/** The id of the account it concerns; null for someone without one, whose name is an address. */
function userOf(event: ToldEvent): string | null {
  const person = personOf(event)
  return isId(person) ? person : null
}

/** Switched off is honoured at the last moment, also for what was queued before. */
async function attempt(parts: NotificationParts, delivery: Delivery): Promise<DeliveryOutcome> {
  const { event, channel, address } = delivery
  const preferences = await parts.notifications.preferences(personOf(event))
  if (!wants(preferences, channel, event)) return { state: 'skipped', reason: 'switched off' }
  if (isAboutConversion(event) && channel === 'sms' && preferences.sms.address !== address) {
    return { state: 'skipped', reason: 'the number was taken away' }
  }
  return SENDERS[channel](parts, delivery)
}

/** What the next attempt would not change. */
const FOR_GOOD: readonly ErrorCode[] = [
  'DELIVERY_REFUSED',
  'WEBHOOK_GONE',
  'WEBHOOK_TARGET_REFUSED',
  'WEBHOOK_URL_INVALID',
]
/** A receiver may ask for so much patience, milliseconds. */
const LONGEST_WAIT = 4 * 3_600_000

function afterFailedSending(delivery: Delivery, error: AppError, now: number): DeliveryOutcome {
  const reason = error.message
  if (FOR_GOOD.includes(error.code)) return { state: 'parked', reason }
  const next = nextDeliveryAt(delivery, now, Math.random())
  const asked = Math.min((error.retryAfter ?? 0) * 1000, LONGEST_WAIT)
  if (next !== null) return { state: 'queued', reason, notBefore: Math.max(next, now + asked) }
  return { state: 'parked', reason: `given up after ${delivery.attempt} attempts: ${reason}` }
}
