import type { Notifications } from '../../ports/notifications.ts'
import { mysqlDialect } from '../sql/mysql-dialect.ts'
import { openServer } from '../sql/open-server.ts'
import { repeatConflicts } from '../sql/repeat-conflicts.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { NOTIFICATIONS_ROOM } from './sql/notification-migrations.ts'
import { sqlNotifications } from './sql/sql-notifications.ts'
import type { NotificationTables } from './sql/tables.ts'

/** Preferences and deliveries on MySQL or MariaDB. */
export async function openMysqlNotifications(settings: StoreSettings): Promise<Notifications> {
  const db = await openServer<NotificationTables>(
    await mysqlDialect(settings.url),
    settings,
    NOTIFICATIONS_ROOM,
  )
  return repeatConflicts(sqlNotifications(db))
}
