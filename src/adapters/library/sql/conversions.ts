import type { Kysely } from 'kysely'
import type { Conversion, State } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Page } from '../../../ports/library.ts'
import { selectConversions, toConversion } from './conversion-row.ts'
import type { LibraryTables } from './tables.ts'

export async function findConversion(db: Kysely<LibraryTables>, id: string): Promise<Conversion | null> {
  const row = await selectConversions(db).where('id', '=', id).executeTakeFirst()
  return row ? toConversion(row) : null
}

/** A conversion that must be there; CONVERSION_NOT_FOUND. */
export async function getConversion(db: Kysely<LibraryTables>, id: string): Promise<Conversion> {
  const conversion = await findConversion(db, id)
  if (!conversion) throw new AppError('CONVERSION_NOT_FOUND')
  return conversion
}

/** Newest first: an id begins with its time. */
export async function listConversions(
  db: Kysely<LibraryTables>,
  { limit, cursor, ownerId, state }: Page & { state?: State },
): Promise<readonly Conversion[]> {
  let rows = selectConversions(db).orderBy('id', 'desc').limit(limit)
  if (ownerId !== undefined) rows = rows.where('owner_id', '=', ownerId)
  if (state !== undefined) rows = rows.where('state', '=', state)
  if (cursor !== undefined) rows = rows.where('id', '<', cursor)
  return (await rows.execute()).map(toConversion)
}

/** Reads no more of an index than it counts. */
export async function countQueued(
  db: Kysely<LibraryTables>,
  most: number,
  ownerId?: string | null,
): Promise<number> {
  let rows = db.selectFrom('soundlift_conversions').select('id').where('state', '=', 'queued')
  if (ownerId !== undefined) rows = rows.where('owner_id', ownerId === null ? 'is' : '=', ownerId)
  const counted = db.selectFrom(rows.limit(most).as('waiting')).select((row) => row.fn.countAll().as('count'))
  return Number((await counted.executeTakeFirstOrThrow()).count)
}

export async function newestConversion(
  db: Kysely<LibraryTables>,
  sourceId: string,
): Promise<Conversion | null> {
  const rows = selectConversions(db).where('source_id', '=', sourceId)
  const newest = rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1)
  const row = await newest.executeTakeFirst()
  return row ? toConversion(row) : null
}

/** The receipt as it was given; null when there is none. */
export async function findReceipt(db: Kysely<LibraryTables>, id: string): Promise<unknown> {
  const rows = db.selectFrom('soundlift_conversions').select('receipt').where('id', '=', id)
  const row = await rows.executeTakeFirst()
  return row?.receipt ? JSON.parse(row.receipt) : null
}
