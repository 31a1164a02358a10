import type { Users } from '../../ports/users.ts'
import { openSqlite } from '../sql/open-sqlite.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { sqlUsers } from './sql/sql-users.ts'
import type { UserTables } from './sql/tables.ts'
import { USERS_ROOM } from './sql/user-migrations.ts'

/** The user store in a SQLite file. */
export async function openSqliteUsers(settings: StoreSettings): Promise<Users> {
  return sqlUsers(await openSqlite<UserTables>(settings, USERS_ROOM))
}
