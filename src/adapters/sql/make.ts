import type { Kysely } from 'kysely'
import { isThereAlready } from './sql-error.ts'

/**
 * Runs a statement of a migration that makes something. MySQL commits each by itself: after a migration that broke
 * off half-way, what was made is there already. Elsewhere a migration is one transaction.
 */
export async function make(statement: { execute(): Promise<void> }): Promise<void> {
  try {
    await statement.execute()
  } catch (error) {
    if (!isThereAlready(error)) throw error
  }
}

/** Makes an index, named after its table. */
export function makeIndex(
  db: Kysely<unknown>,
  table: string,
  name: string,
  columns: string[],
): Promise<void> {
  return make(db.schema.createIndex(`${table}_${name}`).on(table).columns(columns))
}
