import type { Users } from '../../ports/users.ts'
import { byScheme } from '../by-scheme.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { openMongodbUsers } from './mongodb.ts'
import { openMysqlUsers } from './mysql.ts'
import { openPostgresUsers } from './postgres.ts'
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
