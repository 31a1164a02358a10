import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Dialect, Kysely, sql } from 'kysely'
import { openLibrary } from '../../src/adapters/library/index.ts'
import type { LibraryTables } from '../../src/adapters/library/sql/tables.ts'
import { mysqlDialect } from '../../src/adapters/sql/mysql-dialect.ts'
import { postgresDialect } from '../../src/adapters/sql/postgres-dialect.ts'
import { sqliteDialect } from '../../src/adapters/sql/sqlite-dialect.ts'
import type { Closers } from '../../src/kit/closers.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Library } from '../../src/ports/library.ts'
import { mongodbDatabase, mongodbIsThere } from '../../test/support/backends/mongodb.ts'
import { mysqlDatabase, mysqlIsThere } from '../../test/support/backends/mysql.ts'
import type { Owned } from '../../test/support/backends/owned.ts'
import { postgresDatabase, postgresIsThere } from '../../test/support/backends/postgres.ts'
import { fillMongodb } from './fill-mongodb.ts'
import { fillSql } from './fill-sql.ts'

/** A store that a library can lie in. */
interface Store {
  readonly name: string
  isThere(): Promise<boolean>
  /** A database of one's own. */
  newDatabase(): Promise<Owned>
  /** Writes so many shares into the empty library there. */
  fill(url: string, shares: number): Promise<void>
}

export const STORES: readonly Store[] = [
  {
    name: 'SQLite',
    isThere: async () => true,
    newDatabase: newSqlite,
    fill: (url, shares) => filling(sqliteDialect(new DatabaseSync(new URL(url).pathname)), shares, 'analyze'),
  },
  {
    name: 'PostgreSQL',
    isThere: postgresIsThere,
    newDatabase: postgresDatabase,
    fill: async (url, shares) => filling(await postgresDialect(url), shares, 'vacuum analyze'),
  },
  {
    name: 'MySQL or MariaDB',
    isThere: mysqlIsThere,
    newDatabase: mysqlDatabase,
    fill: async (url, shares) =>
      filling(await mysqlDialect(url), shares, 'analyze table soundlift_conversions, soundlift_files'),
  },
  {
    name: 'MongoDB',
    isThere: () => mongodbIsThere('replicaSet'),
    newDatabase: () => mongodbDatabase('replicaSet'),
    fill: fillMongodb,
  },
]

/** A library with so many shares in it; `closers` will drop its database. */
export async function openFilled(store: Store, shares: number, closers: Closers): Promise<Library> {
  const { url, drop } = await store.newDatabase()
  closers.add(`the database of ${store.name}`, drop)
  const library = await openLibrary({ url, dataDir: '', migrate: true, logger: silentLogger() })
  closers.add(`the library in ${store.name}`, () => library.close())
  await store.fill(url, shares)
  return library
}

/** `settle` is what the server does by itself after some time. */
async function filling(dialect: Dialect, shares: number, settle: string): Promise<void> {
  const db = new Kysely<LibraryTables>({ dialect })
  await fillSql(db, shares)
  await sql.raw(settle).execute(db)
  await db.destroy()
}

async function newSqlite(): Promise<Owned> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-bench-'))
  return { url: `sqlite:${join(folder, 'library.db')}`, drop: () => rm(folder, { recursive: true }) }
}
