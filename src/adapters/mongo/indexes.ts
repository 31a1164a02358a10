import type { Collection, Db, IndexDescription } from 'mongodb'
import { AppError } from '../../domain/errors.ts'
import type { Logger } from '../../kit/logger.ts'
import { isNoSuchCollection } from './mongo-error.ts'

/** The indexes of one store, by collection. A published one is never changed: a new one gets a new name. */
export interface Room {
  readonly name: 'users' | 'library'
  readonly indexes: Readonly<Record<string, readonly (IndexDescription & { readonly name: string })[]>>
}

/**
 * Makes the indexes of a room that are missing, or checks that none is. Several processes may do so at once: the
 * server makes each index once. CONFIG_INVALID when `migrate` is off and something is missing.
 */
export async function bringIndexes(
  db: Db,
  room: Room,
  { migrate, logger }: { migrate: boolean; logger: Logger },
): Promise<void> {
  for (const { collection, missing, names: all } of await missingIndexes(db, room)) {
    const names = all.join(', ')
    if (!migrate) {
      throw new AppError(
        'CONFIG_INVALID',
        `The indexes of ${room.name} lack ${names}: run \`soundlift migrate\`, or leave MIGRATE on.`,
      )
    }
    await collection.createIndexes(missing)
    logger.info({ indexes: names }, `${room.name} migrated`)
  }
}

/** What a room lacks, by collection; nothing is changed. */
export async function missingIndexes(db: Db, room: Room) {
  const looked = Object.entries(room.indexes).map(async ([name, indexes]) => {
    const collection = db.collection(name)
    const there = await namesOf(collection)
    const missing = indexes.filter((index) => !there.includes(index.name))
    return { collection, missing, names: missing.map((index) => `${name}.${index.name}`) }
  })
  return (await Promise.all(looked)).filter(({ missing }) => missing.length > 0)
}

async function namesOf(collection: Collection): Promise<readonly string[]> {
  try {
    const indexes = await collection.indexes()
    return indexes.flatMap(({ name }) => (name === undefined ? [] : [name]))
  } catch (error) {
    if (isNoSuchCollection(error)) return []
    throw error
  }
}
