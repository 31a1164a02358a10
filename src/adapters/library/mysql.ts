import type { Library } from '../../ports/library.ts'
import { mysqlDialect } from '../sql/mysql-dialect.ts'
import { openServer } from '../sql/open-server.ts'
import { repeatConflicts } from '../sql/repeat-conflicts.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { LIBRARY_ROOM } from './sql/library-migrations.ts'
import { sqlLibrary } from './sql/sql-library.ts'
import type { LibraryTables } from './sql/tables.ts'

/** The library on MySQL or MariaDB. */
export async function openMysqlLibrary(settings: StoreSettings): Promise<Library> {
  const db = await openServer<LibraryTables>(await mysqlDialect(settings.url), settings, LIBRARY_ROOM)
  return repeatConflicts(sqlLibrary(db))
}
