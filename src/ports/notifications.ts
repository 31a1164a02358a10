import type { AddressedChannel, ChannelName, Delivery, DeliveryState } from '../domain/delivery.ts'
import type { ToldEvent } from '../domain/event.ts'
import type { PreferenceChange, Preferences } from '../domain/preferences.ts'
import type { Webhooks } from './webhooks.ts'

export interface NewDelivery {
  readonly id: string
  readonly event: ToldEvent
  readonly channel: ChannelName
  readonly address: string
}

/** How one attempt to deliver ended. */
export type DeliveryOutcome =
  | { readonly state: 'sent' | 'kept' }
  | { readonly state: 'skipped'; readonly reason?: string }
  | { readonly state: 'parked'; readonly reason: string }
  | { readonly state: 'queued'; readonly reason: string; readonly notBefore: number }

export interface DeliveryPage {
  readonly limit: number
  /** The id of the last item of the page before. */
  readonly cursor?: string
  readonly address?: string
  /** Whom it concerns, by `personOf`. */
  readonly person?: string
  readonly state?: DeliveryState
  readonly channel?: ChannelName
}

/** An address that is to be proven by a code. */
export interface PendingAddress {
  readonly person: string
  readonly channel: AddressedChannel
  readonly address: string
  /** Of the event that brings the code. */
  readonly eventId: string
  /** Milliseconds since the epoch: not good from then on. */
  readonly until: number
}

export type Place = Pick<PendingAddress, 'person' | 'channel'>

/** So many codes in a time, milliseconds: for one person and channel, and for one address whoever asks. */
export interface CodeLimit {
  readonly codes: number
  readonly within: number
}

/** Preferences, endpoints and deliveries: what the notification service owns. Every method is one transaction. */
export interface Notifications {
  readonly webhooks: Webhooks
  /** What someone wants to be told, and where; all is on until it is set. `person` is as in `personOf`. */
  preferences(person: string): Promise<Preferences>
  setPreferences(person: string, change: PreferenceChange): Promise<void>
  /** Notes an address that is to be proven, in place of one asked for before; TOO_MANY_CODES. */
  askAddress(pending: PendingAddress, limit: CodeLimit, now: number): Promise<void>
  /** Counts a try at the code of the address to be proven; null when none is, or `tries` were made. */
  tryCode(place: Place, tries: number, now: number): Promise<PendingAddress | null>
  /** It is the person's address from now on; CODE_EXPIRED when another was asked for meanwhile. */
  proveAddress(pending: PendingAddress, now: number): Promise<void>
  /** Mails go to the account's address again, texts nowhere; what was to be proven is forgotten. */
  removeAddress(place: Place): Promise<void>
  /** Adds deliveries; one that exists (event × channel × address) is left as it is. */
  enqueue(deliveries: readonly NewDelivery[], now: number): Promise<void>
  /**
   * Takes a due delivery of a channel under a lease, attempt and fence counted up; no two callers get the same one. Those
   * that concern a person of `except` are passed by.
   */
  claim(wanted: {
    channel: ChannelName
    except?: readonly string[]
    now: number
    leaseMs: number
  }): Promise<Delivery | null>
  /** Ends an attempt; LEASE_LOST when another has taken it over. */
  settle(hold: { id: string; fence: number }, outcome: DeliveryOutcome, now: number): Promise<void>
  delivery(id: string): Promise<Delivery | null>
  /** To be sent anew, with the same Message-ID: DELIVERY_NOT_FOUND; DELIVERY_UNDER_WAY unless it has ended. */
  replay(id: string, now: number): Promise<Delivery>
  /** Newest first. */
  deliveries(page: DeliveryPage): Promise<readonly Delivery[]>
  /** Removes up to `limit` deliveries that ended by `before`; returns how many. */
  forget(before: number, limit: number): Promise<number>
  /** How many `forget` would remove. */
  overdue(before: number): Promise<number>
  ping(): Promise<void>
  close(): Promise<void>
}
