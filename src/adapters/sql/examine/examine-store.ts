import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Examine } from '../../../ports/examination.ts'
import { byScheme } from '../../by-scheme.ts'
import type { Room } from '../migrate.ts'
import { mysqlDialect } from '../mysql-dialect.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { sqliteDialect } from '../sqlite-dialect.ts'
import { sqlitePath } from '../sqlite-file.ts'
import type { StoreSettings } from '../store-settings.ts'
import { examineDatabase } from './examine-database.ts'

type Settings = Pick<StoreSettings, 'url' | 'dataDir' | 'migrate'> & { readonly room: Room }

const postgres: Examine<Settings> = async ({ url, room, migrate }, found) => {
  const question = sql<{
    says: string
    at: string
  }>`select version() as says, extract(epoch from clock_timestamp()) * 1000 as at`
  const nameOf = (says: string) => says.replace(/^(\w+ [\d.]+).*$/s, '$1')
  const examined = { dialect: await postgresDialect(url), question, nameOf, database: databaseOf(url) }
  await examineDatabase(examined, room, migrate, found)
}

const mysql: Examine<Settings> = async ({ url, room, migrate }, found) => {
  const question = sql<{
    says: string
    at: string
  }>`select version() as says, unix_timestamp(now(3)) * 1000 as at`
  const nameOf = (says: string) =>
    `${/MariaDB/.test(says) ? 'MariaDB' : 'MySQL'} ${says.replace(/-.*$/s, '')}`
  const examined = { dialect: await mysqlDialect(url), question, nameOf, database: databaseOf(url) }
  await examineDatabase(examined, room, migrate, found)
}

/** A file that is not there yet stays so: whoever starts the server is to own it. */
const sqlite: Examine<Settings> = async ({ url, dataDir, room, migrate }, found) => {
  const path = sqlitePath(url, dataDir)
  if (!existsSync(path)) return found.fact(`SQLite, ${path} is made at the first start`)
  const dialect = sqliteDialect(new DatabaseSync(path, { timeout: 0 }))
  const question = sql<{ says: string; at: null }>`select 'SQLite ' || sqlite_version() as says, null as at`
  const nameOf = (says: string) => says
  await examineDatabase({ dialect, question, nameOf, database: path }, room, migrate, found)
}

/** The SQL databases, by the scheme of their URL. */
const DATABASES: Readonly<Record<string, Examine<Settings>>> = {
  'postgres:': postgres,
  'postgresql:': postgres,
  'mysql:': mysql,
  'mariadb:': mysql,
  'sqlite:': sqlite,
}

/** Examines the database of a room. */
export const examineSqlStore: Examine<Settings> = (settings, found) =>
  byScheme(DATABASES, found.variable, settings.url)(settings, found)

const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1))
