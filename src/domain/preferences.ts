import { wasAskedFor } from './account-event.ts'
import type { ChannelName } from './delivery.ts'
import { isAboutConversion, type ToldEvent } from './event.ts'

/** What a person wants to be told by one channel. */
export interface ChannelPreference {
  readonly enabled: boolean
  /** Conversions that are done are not told. */
  readonly onlyFailures: boolean
}

/** The same for a channel that has an address. */
export interface AddressedPreference extends ChannelPreference {
  /** The proven one; null: the e-mail address of the account, or no number. */
  readonly address: string | null
  /** One that was asked for and is still to be proven. */
  readonly pending: string | null
}

/** What a person wants to be told. */
export interface Preferences {
  readonly email: AddressedPreference
  readonly sms: AddressedPreference
  readonly webhook: ChannelPreference
}

/** What is changed; the rest stays. */
export type PreferenceChange = Readonly<Partial<Record<ChannelName, Partial<ChannelPreference>>>>

/** True when the person is to be told this event by this channel. */
export function wants(preferences: Preferences, channel: ChannelName, event: ToldEvent): boolean {
  if (wasAskedFor(event)) return true
  const { enabled, onlyFailures } = preferences[channel]
  if (!enabled || !isAboutConversion(event)) return enabled
  if (event.type === 'conversion.failed') return true
  if (onlyFailures) return false
  return event.type === 'conversion.done' || channel === 'webhook'
}
