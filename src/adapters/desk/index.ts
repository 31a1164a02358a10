import type { Desk } from '../../ports/desk.ts'
import { byScheme } from '../by-scheme.ts'
import { openHttpDesk } from './http.ts'

export interface DeskSettings {
  /** NOTIFICATION_URL. */
  readonly url: string
  /** JWT_SECRET, which both services have. */
  readonly secret: string
}

type Open = (settings: DeskSettings) => Promise<Desk & { close(): Promise<void> }>

/** The table of ways to the notification service, by the scheme of NOTIFICATION_URL: a file here, a line, a test with the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'http:': openHttpDesk,
  'https:': openHttpDesk,
}

/** Opens the way to the notification service that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export const openDesk: Open = async (settings) =>
  byScheme(DRIVERS, 'NOTIFICATION_URL', settings.url)(settings)
