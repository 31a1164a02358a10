import type { Library } from '../../ports/library.ts'
import { openServer } from '../sql/open-server.ts'
import { postgresDialect } from '../sql/postgres-dialect.ts'
import { repeatConflicts } from '../sql/repeat-conflicts.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { LIBRARY_ROOM } from './sql/library-migrations.ts'
import { sqlLibrary } from './sql/sql-library.ts'
import type { LibraryTables } from './sql/tables.ts'

/** The library on PostgreSQL. */
export async function openPostgresLibrary(settings: StoreSettings): Promise<Library> {
  const db = await openServer<LibraryTables>(await postgresDialect(settings.url), settings, LIBRARY_ROOM)
  return repeatConflicts(sqlLibrary(db))
}
