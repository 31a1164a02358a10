import { type Kysely, type Migration, type MigrationInfo, Migrator, PostgresAdapter, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import { databaseSays } from './sql-error.ts'
import type { StoreSettings } from './store-settings.ts'

/** The tables of one store. `migrations` are run in the order of their names; a published one is never changed. */
export interface Room {
  readonly name: 'users' | 'library' | 'notifications'
  readonly migrations: Readonly<Record<string, Migration>>
}

/**
 * Brings the tables of a room up to date, or checks that they are. Each room keeps its own book, so rooms may share
 * a database; where something is missing, the lock that comes with the dialect makes processes starting at once wait
 * for each other. A book that knows more than we do was written by a newer release: it is left to that.
 * CONFIG_INVALID when migrations are off and needed.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  room: Room,
  settings: StoreSettings,
): Promise<void> {
  const migrator = await migratorOf(db, room)
  const missing = await notRun(migrator)
  if (missing.length === 0) return
  if (!settings.migrate) throw tablesLack(room.name, missing)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) {
    const message = `The tables of ${room.name} could not be migrated: ${databaseSays(error)}`
    throw new AppError('INTERNAL', message, { cause: error })
  }
  settings.logger.info({ migrations: results.map((each) => each.migrationName) }, `${room.name} migrated`)
}

/** The names of what the tables of a room lack, in order; nothing is changed. */
export async function missingMigrations<Tables>(db: Kysely<Tables>, room: Room): Promise<readonly string[]> {
  return (await notRun(await migratorOf(db, room))).map(({ name }) => name)
}

async function migratorOf<Tables>(db: Kysely<Tables>, room: Room): Promise<Migrator> {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...room.migrations }) },
    migrationTableName: `soundlift_${room.name}_migrations`,
    migrationLockTableName: `soundlift_${room.name}_migrations_lock`,
    ...(await schemaOf(db, room.name)),
  })
}

const notRun = async (migrator: Migrator) =>
  (await migrator.getMigrations()).filter((migration) => !migration.executedAt)

/** Where PostgreSQL makes our tables, by its search_path; a book in another schema is not ours. */
async function schemaOf<Tables>(
  db: Kysely<Tables>,
  room: string,
): Promise<{ migrationTableSchema?: string }> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return {}
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db)
  const schema = rows[0]?.schema
  if (schema) return { migrationTableSchema: schema }
  throw new AppError(
    'CONFIG_INVALID',
    `The database of ${room} has none of the schemas of its search_path: make one by \`create schema\`, or name another in the URL.`,
  )
}

function tablesLack(room: string, missing: readonly MigrationInfo[]): AppError {
  const names = missing.map((migration) => migration.name).join(', ')
  return new AppError(
    'CONFIG_INVALID',
    `The tables of ${room} lack ${names}: run \`soundlift migrate\`, or leave MIGRATE on.`,
  )
}
