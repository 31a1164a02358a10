import { type Kysely, sql } from 'kysely'
import type { StoredFile } from '../../../domain/file.ts'
import { fits, type Quota, quotaExceeded, type Usage } from '../../../domain/usage.ts'
import { Conflict, isUniqueViolation } from '../../sql/sql-error.ts'
import type { LibraryTables } from './tables.ts'

/** What the files of a person take, as it was counted; whoever has never been is counted now. */
export async function usageOf(db: Kysely<LibraryTables>, ownerId: string): Promise<Usage> {
  return (await findUsage(db, ownerId)) ?? (await sumOf(db, ownerId))
}

/** Counts a file that is about to come, in the transaction that brings it: QUOTA_EXCEEDED when it does not fit. */
export async function countIn(
  trx: Kysely<LibraryTables>,
  { ownerId, size }: Pick<StoredFile, 'ownerId' | 'size'>,
  quota: Quota = {},
): Promise<void> {
  if (ownerId === null) return
  const more = { files: 1, bytes: size }
  const { files, bytes } = quota
  const counted = counting(trx, ownerId, more)
    .$if(files !== undefined, (rows) => rows.where('files', '<', files ?? 0))
    .$if(bytes !== undefined, (rows) => rows.where('bytes', '<=', (bytes ?? 0) - size))
  const { numUpdatedRows } = await counted.executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return
  const used = await usageOf(trx, ownerId)
  if (!fits(used, more, quota)) throw quotaExceeded(used, quota)
  await countFirst(trx, ownerId, { files: used.files + 1, bytes: used.bytes + size })
}

/** Counts a file that is about to go, in the transaction that removes it. */
export async function countOut(
  trx: Kysely<LibraryTables>,
  { ownerId, size }: Pick<StoredFile, 'ownerId' | 'size'>,
): Promise<void> {
  if (ownerId === null) return
  const { numUpdatedRows } = await counting(trx, ownerId, {
    files: -1,
    bytes: -size,
  }).executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return
  const used = await sumOf(trx, ownerId)
  await countFirst(trx, ownerId, { files: used.files - 1, bytes: used.bytes - size })
}

/** Whoever counts for the same person waits here until this transaction ends. */
const counting = (trx: Kysely<LibraryTables>, ownerId: string, more: Usage) =>
  trx
    .updateTable('soundlift_usage')
    .set((row) => ({ files: row('files', '+', more.files), bytes: row('bytes', '+', more.bytes) }))
    .where('owner_id', '=', ownerId)

/** The first count of a person. Two at once, or one that found no room a moment ago, come into conflict and look again. */
async function countFirst(trx: Kysely<LibraryTables>, ownerId: string, usage: Usage): Promise<void> {
  const first = trx.insertInto('soundlift_usage').values({ owner_id: ownerId, ...usage })
  await first.execute().catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Conflict(error) : error
  })
}

async function findUsage(db: Kysely<LibraryTables>, ownerId: string): Promise<Usage | undefined> {
  const rows = db.selectFrom('soundlift_usage').select(['files', 'bytes']).where('owner_id', '=', ownerId)
  return await rows.executeTakeFirst()
}

/** Reads all of a person's rows: for a first count and for a recount. Servers give sums as text. */
async function sumOf(db: Kysely<LibraryTables>, ownerId: string): Promise<Usage> {
  const sum = db
    .selectFrom('soundlift_files')
    .select([
      sql<number | string>`count(*)`.as('files'),
      sql<number | string>`coalesce(sum(size), 0)`.as('bytes'),
    ])
    .where('owner_id', '=', ownerId)
  const { files, bytes } = await sum.executeTakeFirstOrThrow()
  return { files: Number(files), bytes: Number(bytes) }
}

/** Counts everyone anew, each in a transaction; returns for how many the count was wrong. */
export async function recount(db: Kysely<LibraryTables>): Promise<number> {
  const owners = await db.selectFrom('soundlift_usage').select('owner_id').execute()
  let mended = 0
  for (const { owner_id } of owners) if (await recountOne(db, owner_id)) mended++
  return mended
}

async function recountOne(db: Kysely<LibraryTables>, ownerId: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    await counting(trx, ownerId, { files: 0, bytes: 0 }).execute()
    const [was, is] = [await findUsage(trx, ownerId), await sumOf(trx, ownerId)]
    if (was?.files === is.files && was.bytes === is.bytes) return false
    await trx.updateTable('soundlift_usage').set(is).where('owner_id', '=', ownerId).execute()
    return true
  })
}
