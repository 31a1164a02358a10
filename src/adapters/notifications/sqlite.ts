import type { Notifications } from '../../ports/notifications.ts'
import { openSqlite } from '../sql/open-sqlite.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { NOTIFICATIONS_ROOM } from './sql/notification-migrations.ts'
import { sqlNotifications } from './sql/sql-notifications.ts'
import type { NotificationTables } from './sql/tables.ts'

/** Preferences and deliveries in a SQLite file. */
export async function openSqliteNotifications(settings: StoreSettings): Promise<Notifications> {
  return sqlNotifications(await openSqlite<NotificationTables>(settings, NOTIFICATIONS_ROOM))
}
