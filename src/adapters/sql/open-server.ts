import { setTimeout as delay } from 'node:timers/promises'
import { type Dialect, Kysely, sql } from 'kysely'
import { AppError, toAppError } from '../../domain/errors.ts'
import { checkVersion } from './check-version.ts'
import { migrate, type Room } from './migrate.ts'
import { databaseSays } from './sql-error.ts'
import type { StoreSettings } from './store-settings.ts'

/** Milliseconds to wait for a server that is not up yet, and between two tries at most. */
const PATIENCE = 60_000
const LONGEST_PAUSE = 3_000
/** While it is away, the log says so this often. */
const TELL_AGAIN = 15_000

/**
 * Opens a database server with the tables of a room in it; `destroy()` closes it. Waits for a server that is not up
 * yet. CONFIG_INVALID when it refuses us or is too old, SERVICE_UNAVAILABLE when it stays away.
 */
export async function openServer<Tables>(
  dialect: Dialect,
  settings: StoreSettings,
  room: Room,
): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect })
  try {
    checkVersion(room.name, await awaitServer(db, settings, room.name))
    await migrate(db, room, settings)
    return db
  } catch (error) {
    await db.destroy()
    throw error
  }
}

/** What the server says to be, as soon as it answers. */
async function awaitServer<Tables>(
  db: Kysely<Tables>,
  { logger }: StoreSettings,
  room: string,
): Promise<string> {
  const deadline = Date.now() + PATIENCE
  let toldAt = 0
  for (let pause = 250; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
    try {
      const { rows } = await sql<{ says: string }>`select version() as says`.execute(db)
      return rows[0]?.says ?? ''
    } catch (error) {
      const says = databaseSays(error)
      if (toAppError(error).code !== 'SERVICE_UNAVAILABLE') {
        throw new AppError('CONFIG_INVALID', `The database of ${room} refuses us: ${says}`, { cause: error })
      }
      if (Date.now() > deadline) throw error
      if (Date.now() - toldAt > TELL_AGAIN) {
        toldAt = Date.now()
        logger.warn({ says }, `waiting for the database of ${room}`)
      }
    }
    await delay(pause * (0.5 + Math.random() / 2))
  }
}
