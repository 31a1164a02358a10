import { backOff } from './conversion.ts'
import type { ConversionEvent } from './event.ts'

export type ChannelName = 'email'
/** queued → sent | kept | skipped | parked; `kept` where no SMTP server is set, `skipped` where the person switched it off. */
export type DeliveryState = 'queued' | 'sent' | 'kept' | 'skipped' | 'parked'

/** One event to be told to one address through one channel: unique in these three. */
export interface Delivery {
  readonly id: string
  readonly event: ConversionEvent
  readonly channel: ChannelName
  readonly address: string
  readonly state: DeliveryState
  readonly attempt: number
  /** Counts every claim; a write that carries an older one is refused. */
  readonly fence: number
  /** Not sent before this time, milliseconds since the epoch. */
  readonly notBefore: number
  /** Why it was parked or put off. */
  readonly reason: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** Attempts before a delivery is parked: with the back-off below they span about a day. */
export const MAX_DELIVERY_ATTEMPTS = 12
const LONGEST_PAUSE = 4 * 3_600_000

/** When a deferred delivery is tried again, milliseconds since the epoch; null when it is to be parked. */
export function nextDeliveryAt(attempt: number, now: number, random: number): number | null {
  return attempt >= MAX_DELIVERY_ATTEMPTS ? null : now + backOff(attempt, random, LONGEST_PAUSE)
}
