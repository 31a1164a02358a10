import type { Library } from '../../ports/library.ts'
import { openSqlite } from '../sql/open-sqlite.ts'
import type { StoreSettings } from '../sql/store-settings.ts'
import { LIBRARY_ROOM } from './sql/library-migrations.ts'
import { sqlLibrary } from './sql/sql-library.ts'
import type { LibraryTables } from './sql/tables.ts'

/** The library in a SQLite file. */
export async function openSqliteLibrary(settings: StoreSettings): Promise<Library> {
  return sqlLibrary(await openSqlite<LibraryTables>(settings, LIBRARY_ROOM))
}
