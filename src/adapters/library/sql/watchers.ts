import type { Kysely } from 'kysely'
import type { Conversion } from '../../../domain/conversion.ts'
import { emailKey } from '../../../domain/user.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import { addEvent } from './events.ts'
import type { LibraryTables } from './tables.ts'

export async function watch(db: Kysely<LibraryTables>, ownerKey: string): Promise<void> {
  try {
    await db.insertInto('soundlift_watchers').values({ owner_key: ownerKey }).execute()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}

/** Tells that a conversion is queued or running, in the transaction that made it so, where anyone wants to know. */
export async function tellWatchers(
  trx: Kysely<LibraryTables>,
  conversion: Conversion,
  now: number,
): Promise<void> {
  if (conversion.webhook !== null || (await isWatched(trx, conversion)))
    await addEvent(trx, conversion, null, now)
}

async function isWatched(trx: Kysely<LibraryTables>, { ownerId, ownerEmail }: Conversion): Promise<boolean> {
  const watchers = trx.selectFrom('soundlift_watchers').select('owner_key')
  const found = watchers.where('owner_key', '=', ownerId ?? emailKey(ownerEmail))
  return (await found.executeTakeFirst()) !== undefined
}
