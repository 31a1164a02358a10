import type { Users } from '../../ports/users.ts'
import { openServer } from '../sql/open-server.ts'
import { postgresDialect } from '../sql/postgres-dialect.ts'
import { repeatConflicts } from '../sql/repeat-conflicts.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { sqlUsers } from './sql/sql-users.ts'
import type { UserTables } from './sql/tables.ts'
import { USERS_ROOM } from './sql/user-migrations.ts'

/** The user store on PostgreSQL. */
export async function openPostgresUsers(settings: StoreSettings): Promise<Users> {
  const db = await openServer<UserTables>(await postgresDialect(settings.url), settings, USERS_ROOM)
  return repeatConflicts(sqlUsers(db))
}
