import type { ChannelName, Delivery } from '../domain/delivery.ts'
import type { ConversionEvent } from '../domain/event.ts'

/** What a person wants to be told. */
export interface Preferences {
  readonly email: { readonly enabled: boolean }
}

/** Read and change preferences. `person` is the user id, or the e-mail key of someone without an account. */
export interface PreferenceStore {
  /** The defaults when nothing was ever set. */
  preferences(person: string): Promise<Preferences>
  setPreferences(person: string, preferences: Preferences): Promise<void>
}

export interface NewDelivery {
  readonly id: string
  readonly event: ConversionEvent
  readonly channel: ChannelName
  readonly address: string
}

/** How one attempt to deliver ended. */
export type DeliveryOutcome =
  | { readonly state: 'sent' | 'kept' | 'skipped' }
  | { readonly state: 'parked'; readonly reason: string }
  | { readonly state: 'queued'; readonly reason: string; readonly notBefore: number }

/** Preferences and deliveries: what the notification service owns. Every method is one transaction. */
export interface Notifications extends PreferenceStore {
  /** Adds deliveries; one that exists (event × channel × address) is left as it is. */
  enqueue(deliveries: readonly NewDelivery[], now: number): Promise<void>
  /** Takes a due delivery under a lease, attempt and fence counted up; no two callers get the same one. */
  claim(at: { now: number; leaseMs: number }): Promise<Delivery | null>
  /** Ends an attempt; LEASE_LOST when another has taken it over. */
  settle(hold: { id: string; fence: number }, outcome: DeliveryOutcome, now: number): Promise<void>
  /** Newest first; `cursor` is the id of the last item of the page before. */
  deliveries(page: { limit: number; cursor?: string; address?: string }): Promise<readonly Delivery[]>
  ping(): Promise<void>
  close(): Promise<void>
}
