import type { AddressedChannel, ChannelName, DeliveryState } from '../../../domain/delivery.ts'

/**
 * What waits is `due`. Releases that knew mails alone write `queued`, and send whatever is: a text or a webhook must not
 * come into their hands while both run.
 */
export type StoredState = DeliveryState | 'due'

/** Times are milliseconds since the epoch. */
export interface DeliveryRow {
  readonly id: string
  readonly event_id: string
  readonly channel: ChannelName
  readonly address: string
  /** The ToldEvent as JSON. */
  readonly event: string
  /** Whom it concerns; null in rows of releases that knew mails alone. */
  readonly person: string | null
  readonly state: StoredState
  readonly attempt: number
  readonly fence: number
  readonly not_before: number
  /** When it may be claimed: `not_before`, or the end of the lease once it was. */
  readonly due_at: number
  readonly reason: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

export interface PreferenceRow {
  readonly person: string
  readonly email_enabled: 0 | 1
  readonly email_only_failures: 0 | 1
  readonly sms_enabled: 0 | 1
  readonly sms_only_failures: 0 | 1
  readonly webhook_enabled: 0 | 1
  readonly webhook_only_failures: 0 | 1
}

interface AddressRow {
  readonly person: string
  readonly channel: AddressedChannel
  readonly address: string | null
  readonly proven_at: number | null
  readonly pending: string | null
  /** Of the event that brought the code. */
  readonly pending_event: string | null
  readonly pending_until: number | null
  /** Codes tried for the pending address. */
  readonly tries: number
}

/** A code that was asked for: counted against limits, then forgotten. */
interface CodeRow {
  readonly event_id: string
  readonly person: string
  readonly channel: AddressedChannel
  readonly address: string
  readonly asked_at: number
}

export interface WebhookRow {
  readonly id: string
  readonly person: string
  /** Of 0 to MAX_WEBHOOKS - 1: no two of a person have the same. */
  readonly slot: number
  readonly email: string
  readonly url: string
  /** JSON, as are the secrets. */
  readonly events: string
  readonly secrets: string
  readonly enabled: 0 | 1
  readonly disabled_reason: string | null
  readonly failing_since: number | null
  readonly created_at: number
}

export interface NotificationTables {
  readonly soundlift_deliveries: DeliveryRow
  readonly soundlift_preferences: PreferenceRow
  readonly soundlift_addresses: AddressRow
  readonly soundlift_codes: CodeRow
  readonly soundlift_webhooks: WebhookRow
}
