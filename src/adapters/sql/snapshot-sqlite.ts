import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../domain/errors.ts'
import { databaseSays } from './sql-error.ts'

/** Milliseconds to wait for a lock of the running server. */
const PATIENCE = 10_000

/**
 * Writes a SQLite database as it is at one moment to a new file, beside processes that write to it
 * (https://sqlite.org/lang_vacuum.html, VACUUM INTO). INPUT_NOT_FOUND, OUTPUT_UNWRITABLE.
 */
export function snapshotSqlite(from: string, to: string): void {
  // SQLite would make what is not there.
  if (!existsSync(from)) throw new AppError('INPUT_NOT_FOUND', `There is no database ${from}`)
  const database = new DatabaseSync(from, { timeout: PATIENCE })
  try {
    database.prepare('vacuum into ?').run(to)
  } catch (cause) {
    const message = `The database ${from} can not be written to ${to}: ${databaseSays(cause)}`
    throw new AppError('OUTPUT_UNWRITABLE', message, { cause })
  } finally {
    database.close()
  }
}
