import type { Users } from '../../ports/users.ts'
import { mysqlDialect } from '../sql/mysql-dialect.ts'
import { openServer } from '../sql/open-server.ts'
import { repeatConflicts } from '../sql/repeat-conflicts.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { sqlUsers } from './sql/sql-users.ts'
import type { UserTables } from './sql/tables.ts'
import { USERS_ROOM } from './sql/user-migrations.ts'

/** The user store on MySQL or MariaDB. */
export async function openMysqlUsers(settings: StoreSettings): Promise<Users> {
  const db = await openServer<UserTables>(await mysqlDialect(settings.url), settings, USERS_ROOM)
  return repeatConflicts(sqlUsers(db))
}
