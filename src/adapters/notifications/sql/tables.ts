import type { ChannelName, DeliveryState } from '../../../domain/delivery.ts'

/** Times are milliseconds since the epoch. */
export interface DeliveryRow {
  readonly id: string
  readonly event_id: string
  readonly channel: ChannelName
  readonly address: string
  /** The ConversionEvent as JSON. */
  readonly event: string
  readonly state: DeliveryState
  readonly attempt: number
  readonly fence: number
  readonly not_before: number
  /** When it may be claimed: `not_before`, or the end of the lease once it was. */
  readonly due_at: number
  readonly reason: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

interface PreferenceRow {
  readonly person: string
  readonly email_enabled: 0 | 1
}

export interface NotificationTables {
  readonly soundlift_deliveries: DeliveryRow
  readonly soundlift_preferences: PreferenceRow
}
