import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { migrate, type Room } from './migrate.ts'
import { patiently } from './patiently.ts'
import { databaseSays } from './sql-error.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { makeSqliteFile, sqlitePath } from './sqlite-file.ts'
import type { StoreSettings } from './store-settings.ts'

/**
 * Opens the SQLite file of the settings with the tables of a room in it; `destroy()` closes it. Several rooms and
 * several processes may have the same file open. DATA_DIR_UNUSABLE, CONFIG_INVALID.
 */
export async function openSqlite<Tables>(settings: StoreSettings, room: Room): Promise<Kysely<Tables>> {
  const path = sqlitePath(settings.url, settings.dataDir)
  makeSqliteFile(path)
  const database = await connect(path)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database) })
  try {
    await migrate(db, room, settings)
    return db
  } catch (error) {
    await db.destroy()
    if (database.isOpen) database.close()
    throw error
  }
}

async function connect(path: string): Promise<DatabaseSync> {
  const database = new DatabaseSync(path, { open: false, timeout: 0, enableForeignKeyConstraints: true })
  try {
    await patiently(() => {
      if (!database.isOpen) database.open()
      database.exec('pragma journal_mode = wal')
      // What is acknowledged survives a power cut: every commit waits for the disk.
      database.exec('pragma synchronous = full')
    })
    return database
  } catch (cause) {
    if (database.isOpen) database.close()
    const message = `The database ${path} can not be opened: ${databaseSays(cause)}`
    throw new AppError('DATA_DIR_UNUSABLE', message, { cause })
  }
}
