import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import type { FileKind, FormerFile, StoredFile } from '../../../domain/file.ts'
import type { Page } from '../../../ports/library.ts'
import { selectFiles } from './file-row.ts'
import type { LibraryTables } from './tables.ts'
import { countOut } from './usage.ts'

export async function findFile(db: Kysely<LibraryTables>, id: string): Promise<StoredFile | null> {
  return (await selectFiles(db).where('id', '=', id).executeTakeFirst()) ?? null
}

/** Newest first: an id begins with its time. */
export async function listFiles(
  db: Kysely<LibraryTables>,
  { limit, cursor, ownerId, kind }: Page & { kind?: FileKind },
): Promise<readonly StoredFile[]> {
  let files = selectFiles(db).orderBy('id', 'desc').limit(limit)
  if (ownerId !== undefined) files = files.where('owner_id', '=', ownerId)
  if (kind !== undefined) files = files.where('kind', '=', kind)
  if (cursor !== undefined) files = files.where('id', '<', cursor)
  return await files.execute()
}

export async function newestResult(db: Kysely<LibraryTables>, sourceId: string): Promise<StoredFile | null> {
  const results = selectFiles(db).where('derived_from', '=', sourceId).where('kind', '=', 'result')
  const newest = results.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(1)
  return (await newest.executeTakeFirst()) ?? null
}

/**
 * A file that can not be removed before this transaction ends; null when it is gone. The empty write takes the row's
 * lock in any database, and must come before what it protects is read.
 */
export async function holdFile(trx: Kysely<LibraryTables>, id: string): Promise<StoredFile | null> {
  const touch = trx.updateTable('soundlift_files').set({ id }).where('id', '=', id)
  const { numUpdatedRows } = await touch.executeTakeFirstOrThrow()
  return numUpdatedRows === 0n ? null : await findFile(trx, id)
}

/** Removes a file that no queued or running conversion needs; it is remembered when it has expired. */
export async function removeFile(
  db: Kysely<LibraryTables>,
  id: string,
  expiredAt?: number,
): Promise<StoredFile> {
  return await db.transaction().execute(async (trx) => {
    const file = await holdFile(trx, id)
    if (!file) throw new AppError('FILE_NOT_FOUND')
    if (await isInUse(trx, id)) throw new AppError('FILE_IN_USE')
    await countOut(trx, file)
    await trx.deleteFrom('soundlift_files').where('id', '=', id).execute()
    if (expiredAt !== undefined) {
      const former = { id, owner_id: file.ownerId, expired_at: expiredAt }
      // Imported again under its id, a file can expire twice.
      await trx.deleteFrom('soundlift_former_files').where('id', '=', id).execute()
      await trx.insertInto('soundlift_former_files').values(former).execute()
    }
    return file
  })
}

export async function findFormerFile(db: Kysely<LibraryTables>, id: string): Promise<FormerFile | null> {
  const rows = db.selectFrom('soundlift_former_files').where('id', '=', id)
  const found = rows.select(['id', 'owner_id as ownerId', 'expired_at as expiredAt'])
  return (await found.executeTakeFirst()) ?? null
}

/** Files whose time is over, the longest first, without those a queued or running conversion needs. */
export async function expired(
  db: Kysely<LibraryTables>,
  now: number,
  limit: number,
): Promise<readonly StoredFile[]> {
  const files = selectFiles(db).where('expires_at', '<=', now).where(isIdle)
  return await files.orderBy('expires_at').limit(limit).execute()
}

/** No queued or running conversion needs the file. */
export function isIdle({
  not,
  exists,
  selectFrom,
}: ExpressionBuilder<LibraryTables, 'soundlift_files'>): Expression<SqlBool> {
  const users = selectFrom('soundlift_conversions').select('soundlift_conversions.id')
  const live = users
    .whereRef('source_id', '=', 'soundlift_files.id')
    .where('state', 'in', ['queued', 'running'])
  return not(exists(live))
}

async function isInUse(db: Kysely<LibraryTables>, id: string): Promise<boolean> {
  const users = db.selectFrom('soundlift_conversions').select('id').where('source_id', '=', id)
  const live = users.where('state', 'in', ['queued', 'running']).limit(1)
  return (await live.executeTakeFirst()) !== undefined
}

/** Keys asked for in one statement: every database has a limit of parameters. */
const KEYS_AT_ONCE = 500

export async function referenced(
  db: Kysely<LibraryTables>,
  kind: FileKind,
  blobKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (let start = 0; start < blobKeys.length; start += KEYS_AT_ONCE) {
    const some = blobKeys.slice(start, start + KEYS_AT_ONCE)
    const files = db.selectFrom('soundlift_files').select('blob_key').where('blob_key', 'in', some)
    for (const row of await files.where('kind', '=', kind).execute()) found.add(row.blob_key)
  }
  return found
}
