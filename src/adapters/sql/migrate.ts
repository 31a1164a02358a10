import { type Kysely, type Migration, Migrator } from 'kysely'
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
 * a database; the lock that comes with the dialect makes processes starting at once wait for each other.
 * CONFIG_INVALID when migrations are off and needed.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  room: Room,
  settings: StoreSettings,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...room.migrations }) },
    migrationTableName: `soundlift_${room.name}_migrations`,
    migrationLockTableName: `soundlift_${room.name}_migrations_lock`,
  })
  if (!settings.migrate) return await demandMigrated(migrator, room.name)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) {
    const message = `The tables of ${room.name} could not be migrated: ${databaseSays(error)}`
    throw new AppError('INTERNAL', message, { cause: error })
  }
  for (const { migrationName } of results) settings.logger.info({ migrationName }, `${room.name} migrated`)
}

async function demandMigrated(migrator: Migrator, room: string): Promise<void> {
  const missing = (await migrator.getMigrations()).filter((migration) => !migration.executedAt)
  if (missing.length === 0) return
  const names = missing.map((migration) => migration.name).join(', ')
  throw new AppError(
    'CONFIG_INVALID',
    `The tables of ${room} lack ${names}: run \`soundlift migrate\`, or leave MIGRATE on.`,
  )
}
