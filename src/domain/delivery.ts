import { backOff } from './conversion.ts'
import type { ToldEvent } from './event.ts'

export const CHANNELS = ['email', 'sms', 'webhook'] as const
export type ChannelName = (typeof CHANNELS)[number]
/** Channels by which a person is reached at an address of their own, which is to be proven. */
export const ADDRESSED_CHANNELS = ['email', 'sms'] as const
export type AddressedChannel = (typeof ADDRESSED_CHANNELS)[number]

/** queued → sent | kept | skipped | parked; `kept` where no server is set, `skipped` where the person switched it off. */
export const DELIVERY_STATES = ['queued', 'sent', 'kept', 'skipped', 'parked'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One event to be told to one address through one channel: unique in these three. */
export interface Delivery {
  readonly id: string
  readonly event: ToldEvent
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

interface Patience {
  /** Attempts before a delivery is parked. */
  readonly attempts: number
  /** Milliseconds: pauses grow up to this. */
  readonly longestPause: number
}

const HOUR = 3_600_000
/** How long each channel is tried: mails and texts for half a day, webhooks for a day; with full jitter, on average. */
const PATIENCE: Readonly<Record<ChannelName, Patience>> = {
  email: { attempts: 12, longestPause: 4 * HOUR },
  sms: { attempts: 12, longestPause: 4 * HOUR },
  webhook: { attempts: 18, longestPause: 4 * HOUR },
}

/** When a deferred delivery is tried again, milliseconds since the epoch; null when it is to be parked. */
export function nextDeliveryAt(
  { channel, attempt }: Pick<Delivery, 'channel' | 'attempt'>,
  now: number,
  random: number,
): number | null {
  const { attempts, longestPause } = PATIENCE[channel]
  return attempt >= attempts ? null : now + backOff(attempt, random, longestPause)
}
