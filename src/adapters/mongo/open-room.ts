import type { Db, MongoClient } from 'mongodb'
import { AppError } from '../../domain/errors.ts'
import { bringIndexes, type Room } from './indexes.ts'
import { isDenied, mongoError } from './mongo-error.ts'
import { databaseOf, type MongoSettings, openMongo } from './open-mongo.ts'

/** A database and the client that holds its connections. */
export interface MongoDatabase {
  readonly client: MongoClient
  readonly db: Db
}

/** Where the URL names none. */
export const DATABASE = 'soundlift'

/**
 * Opens the database of a room (the one the URL names, else `soundlift`) with its indexes in it. `demand` says no to
 * a server that will not do. CONFIG_INVALID, SERVICE_UNAVAILABLE.
 */
export async function openRoom(
  settings: MongoSettings & { readonly migrate: boolean },
  room: Room,
  demand: (db: Db) => Promise<void> = async () => {},
): Promise<MongoDatabase> {
  const client = await openMongo(settings)
  try {
    const db = client.db(databaseOf(settings.url, DATABASE))
    await demand(db)
    await bringIndexes(db, room, settings)
    return { client, db }
  } catch (error) {
    await client.close()
    throw notReady(room, error)
  }
}

function notReady(room: Room, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  const code = isDenied(cause) ? 'CONFIG_INVALID' : mongoError(cause).code
  return new AppError(code, `MongoDB could not be made ready for ${room.name}: ${reason}`, { cause })
}
