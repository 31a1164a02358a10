import type { Examine } from '../../ports/examination.ts'
import type { Notifications } from '../../ports/notifications.ts'
import { byScheme } from '../by-scheme.ts'
import { examineSqlStore } from '../sql/examine/examine-store.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { openMysqlNotifications } from './mysql.ts'
import { openPostgresNotifications } from './postgres.ts'
import { NOTIFICATIONS_ROOM as TABLES } from './sql/notification-migrations.ts'
import { openSqliteNotifications } from './sqlite.ts'

/** The table of notification stores, by the scheme of NOTIFICATIONS_URL: a file here, a line, a test with the contract. */
const DRIVERS: Readonly<Record<string, (settings: StoreSettings) => Promise<Notifications>>> = {
  'postgres:': openPostgresNotifications,
  'postgresql:': openPostgresNotifications,
  'mysql:': openMysqlNotifications,
  'mariadb:': openMysqlNotifications,
  'sqlite:': openSqliteNotifications,
}

/** Opens the store that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export async function openNotifications(settings: StoreSettings): Promise<Notifications> {
  return byScheme(DRIVERS, 'NOTIFICATIONS_URL', settings.url)(settings)
}

/** Examines the store of notifications that `settings.url` names. */
export const examineNotifications: Examine<StoreSettings> = (settings, found) =>
  examineSqlStore({ ...settings, room: TABLES }, found)
