import { type Dialect, Kysely, sql } from 'kysely'
import { AppError, toAppError } from '../../domain/errors.ts'
import { askPatiently } from '../../kit/ask-patiently.ts'
import { checkVersion } from './check-version.ts'
import { migrate, type Room } from './migrate.ts'
import { databaseSays } from './sql-error.ts'
import type { StoreSettings } from './store-settings.ts'

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
function awaitServer<Tables>(db: Kysely<Tables>, settings: StoreSettings, room: string): Promise<string> {
  const ask = async () => {
    try {
      const { rows } = await sql<{ says: string }>`select version() as says`.execute(db)
      return rows[0]?.says ?? ''
    } catch (cause) {
      const says = databaseSays(cause)
      if (isAway(cause))
        throw new AppError('SERVICE_UNAVAILABLE', `The database of ${room} does not answer: ${says}`, {
          cause,
        })
      throw new AppError('CONFIG_INVALID', `The database of ${room} refuses us: ${says}`, { cause })
    }
  }
  return askPatiently(ask, { ...settings, mayPass: isAway })
}

const isAway = (error: unknown) => toAppError(error).code === 'SERVICE_UNAVAILABLE'
