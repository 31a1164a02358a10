import type { Examine } from '../../ports/examination.ts'
import type { NotificationCenter } from '../../ports/notification-center.ts'
import { byScheme } from '../by-scheme.ts'
import { examineHttpCenter } from './http/examine.ts'
import { openHttpNotificationCenter } from './http.ts'

export interface NotificationCenterSettings {
  /** NOTIFICATION_URL. */
  readonly url: string
  /** JWT_SECRET, which both services have. */
  readonly secret: string
}

type Open = (settings: NotificationCenterSettings) => Promise<NotificationCenter & { close(): Promise<void> }>

/** The table of ways to the notification service, by the scheme of NOTIFICATION_URL: a file here, a line, a test with the contract. */
const DRIVERS: Readonly<Record<string, Open>> = {
  'http:': openHttpNotificationCenter,
  'https:': openHttpNotificationCenter,
}

/** Opens the way to the notification service that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export const openNotificationCenter: Open = async (settings) =>
  byScheme(DRIVERS, 'NOTIFICATION_URL', settings.url)(settings)

/** Examines the notification service at NOTIFICATION_URL. */
export const examineNotificationCenter: Examine<NotificationCenterSettings> = examineHttpCenter
