import type { Examine } from '../../ports/examination.ts'
import type { Users } from '../../ports/users.ts'
import { byScheme } from '../by-scheme.ts'
import { examineMongoRoom } from '../mongo/examine-mongo.ts'
import { examineSqlStore } from '../sql/examine/examine-store.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { USERS_ROOM as COLLECTIONS } from './mongodb/accounts.ts'
import { openMongodbUsers } from './mongodb.ts'
import { openMysqlUsers } from './mysql.ts'
import { openPostgresUsers } from './postgres.ts'
import { USERS_ROOM as TABLES } from './sql/user-migrations.ts'
import { openSqliteUsers } from './sqlite.ts'

/** The table of user stores, by the scheme of USERS_URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, (settings: StoreSettings) => Promise<Users>>> = {
  'postgres:': openPostgresUsers,
  'postgresql:': openPostgresUsers,
  'mysql:': openMysqlUsers,
  'mariadb:': openMysqlUsers,
  'sqlite:': openSqliteUsers,
  'mongodb:': openMongodbUsers,
  'mongodb+srv:': openMongodbUsers,
}

/** Opens the user store that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export async function openUsers(settings: StoreSettings): Promise<Users> {
  return byScheme(DRIVERS, 'USERS_URL', settings.url)(settings)
}

/** Examines the user store that `settings.url` names. */
export const examineUsers: Examine<StoreSettings> = (settings, found) =>
  settings.url.startsWith('mongodb')
    ? examineMongoRoom({ ...settings, room: COLLECTIONS }, found)
    : examineSqlStore({ ...settings, room: TABLES }, found)
