import type { Examine } from '../../ports/examination.ts'
import type { Library } from '../../ports/library.ts'
import { byScheme } from '../by-scheme.ts'
import { examineMongoRoom } from '../mongo/examine-mongo.ts'
import { examineSqlStore } from '../sql/examine/examine-store.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { LIBRARY_ROOM as COLLECTIONS } from './mongodb/collections.ts'
import { demandTransactions } from './mongodb/demand-transactions.ts'
import { openMongodbLibrary } from './mongodb.ts'
import { openMysqlLibrary } from './mysql.ts'
import { openPostgresLibrary } from './postgres.ts'
import { LIBRARY_ROOM as TABLES } from './sql/library-migrations.ts'
import { openSqliteLibrary } from './sqlite.ts'

/** The table of libraries, by the scheme of LIBRARY_URL. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, (settings: StoreSettings) => Promise<Library>>> = {
  'postgres:': openPostgresLibrary,
  'postgresql:': openPostgresLibrary,
  'mysql:': openMysqlLibrary,
  'mariadb:': openMysqlLibrary,
  'sqlite:': openSqliteLibrary,
  'mongodb:': openMongodbLibrary,
  'mongodb+srv:': openMongodbLibrary,
}

/** Opens the library that `settings.url` names; CONFIG_INVALID for a scheme nobody knows. */
export async function openLibrary(settings: StoreSettings): Promise<Library> {
  return byScheme(DRIVERS, 'LIBRARY_URL', settings.url)(settings)
}

/** Examines the library that `settings.url` names. */
export const examineLibrary: Examine<StoreSettings> = (settings, found) =>
  settings.url.startsWith('mongodb')
    ? examineMongoRoom({ ...settings, room: COLLECTIONS, demand: demandTransactions }, found)
    : examineSqlStore({ ...settings, room: TABLES }, found)
