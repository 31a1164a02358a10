import type { PreferenceStore } from '../../ports/notifications.ts'
import { byScheme } from '../by-scheme.ts'
import { openHttpPreferences } from './http.ts'

export interface PreferenceSettings {
  /** NOTIFICATION_URL. */
  readonly url: string
  /** JWT_SECRET, which both services have. */
  readonly secret: string
}

type Open = (settings: PreferenceSettings) => Promise<PreferenceStore & { close(): Promise<void> }>

/** The table of ways to the preferences, by the scheme of NOTIFICATION_URL: a file here, a line, a test with the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'http:': openHttpPreferences,
  'https:': openHttpPreferences,
}

/** Opens the way to the notification service that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export const openPreferences: Open = async (settings) =>
  byScheme(DRIVERS, 'NOTIFICATION_URL', settings.url)(settings)
