import type { Db, MongoClient } from 'mongodb'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../kit/ids.ts'
import { silentLogger } from '../../kit/logger.ts'
import { isOlder } from '../../kit/version.ts'
import type { Examination } from '../../ports/examination.ts'
import { missingIndexes, type Room } from './indexes.ts'
import { isDenied } from './mongo-error.ts'
import { databaseOf, openMongo } from './open-mongo.ts'
import { DATABASE } from './open-room.ts'

/** The oldest server that is supported. */
const OLDEST = [4, 4] as const

/** Connects to a MongoDB, notes version and clock, and lets `more` look on; what it throws is a finding. */
export async function examineMongo(
  { url, database }: { readonly url: string; readonly database: string },
  found: Examination,
  more: (db: Db) => Promise<void>,
): Promise<void> {
  let client: MongoClient | undefined
  try {
    client = await openMongo({ url, logger: silentLogger(), patience: 0 })
    const db = client.db(database)
    await look(db, found)
    await more(db)
  } catch (error) {
    explain(error, found)
  } finally {
    await client?.close()
  }
}

async function look(db: Db, found: Examination): Promise<void> {
  const { setName }: { setName?: unknown } = await found.ask(
    () => db.command({ hello: 1 }),
    (hello) => (hello['localTime'] instanceof Date ? hello['localTime'].getTime() : null),
  )
  const { version }: { version?: unknown } = await db.admin().buildInfo()
  found.fact(`MongoDB ${version}${setName === undefined ? '' : ` (replica set ${setName})`}`)
  if (!isOlder(String(version), OLDEST)) return
  found.fail(`this is older than ${OLDEST.join('.')}`, `Update the server to ${OLDEST.join('.')} or newer.`)
}

/** The same, with the indexes of a room; `demand` says no to a server that will not do. */
export function examineMongoRoom(
  { url, migrate, room, demand }: MongoRoom,
  found: Examination,
): Promise<void> {
  return examineMongo({ url, database: databaseOf(url, DATABASE) }, found, async (db) => {
    await demand?.(db)
    await examineIndexes(db, room, migrate, found)
    await mayMakeCollections(db, found)
  })
}

export interface MongoRoom {
  readonly url: string
  readonly migrate: boolean
  readonly room: Room
  readonly demand?: (db: Db) => Promise<void>
}

async function examineIndexes(db: Db, room: Room, migrate: boolean, found: Examination): Promise<void> {
  const missing = (await missingIndexes(db, room)).flatMap(({ names }) => names)
  if (missing.length === 0) found.fact('indexes up to date')
  else if (migrate) found.fact(`${missing.length} indexes are made at the next start`)
  else {
    const what = `MIGRATE is off, and the indexes of ${room.name} lack ${missing.join(', ')}`
    found.fail(what, 'Run `soundlift migrate`, or leave MIGRATE on.')
  }
}

/** Makes, fills and removes a collection of its own. */
async function mayMakeCollections(db: Db, found: Examination): Promise<void> {
  const collection = db.collection(`soundlift_doctor_${newId()}`)
  try {
    await collection.insertOne({ tried: 1 })
    await collection.createIndex({ tried: 1 })
    await collection.findOne({ tried: 1 })
    found.fact('documents and indexes can be made')
  } finally {
    await collection.drop().catch(() => {})
  }
}

function explain(error: unknown, found: Examination): void {
  const cause = error instanceof AppError ? error.cause : error
  if (!isDenied(cause) || (error instanceof AppError && error.code === 'CONFIG_INVALID')) {
    found.failBy(error)
    return
  }
  const mend = `Give the user of ${found.variable} the role readWrite on the database: \`db.grantRolesToUser(USER, ["readWrite"])\`.`
  found.fail(`it does not let us: ${cause instanceof Error ? cause.message : cause}`, mend)
}
