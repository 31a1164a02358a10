import { type QueryExecutorProvider, SqliteAdapter } from 'kysely'

/**
 * True when a query may lock the rows it finds and pass by those that another has locked. SQLite can not and need not:
 * there a transaction of ours holds the whole file.
 */
export function hasRowLocks(db: QueryExecutorProvider): boolean {
  return !(db.getExecutor().adapter instanceof SqliteAdapter)
}
