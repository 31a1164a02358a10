import { type Kysely, sql } from 'kysely'
import type { Conversion } from '../../../domain/conversion.ts'
import type { StoredFile } from '../../../domain/file.ts'
import { emailKey } from '../../../domain/user.ts'
import { parseWish } from '../../../domain/wish/wish.ts'
import { newId } from '../../../kit/ids.ts'
import { getConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import { insertFile } from './file-row.ts'
import { findFile } from './files.ts'
import { UNHELD } from './finish.ts'
import { AT_ONCE } from './submit.ts'
import type { LibraryTables } from './tables.ts'

/** A result of another program: it ends what waits for it, or is a conversion of its own. */
export async function adoptResult(
  db: Kysely<LibraryTables>,
  result: StoredFile,
  username: string,
  now: number,
): Promise<Conversion> {
  return await db.transaction().execute(async (trx) => {
    const id = (await endLive(trx, result, now)) ?? (await insertEnded(trx, result, username, now))
    const ended = await getConversion(trx, id)
    const owned = { ...result, ownerId: ended.ownerId }
    await insertFile(trx, owned)
    await addEvent(trx, ended, owned, now)
    return ended
  })
}

const done = (result: StoredFile, now: number) =>
  ({ ...UNHELD, state: 'done', progress: 1, result_id: result.id, failure: null, ended_at: now }) as const

/** The id of the conversion that was ended, null when none is under way. */
async function endLive(trx: Kysely<LibraryTables>, result: StoredFile, now: number): Promise<string | null> {
  const live = trx
    .selectFrom('soundlift_conversions')
    .select('id')
    .where('source_id', '=', result.derivedFrom)
  const newest = live.where('state', 'in', ['queued', 'running']).orderBy('created_at', 'desc').limit(1)
  const found = await newest.executeTakeFirst()
  if (!found) return null
  const change = { ...done(result, now), fence: sql<number>`fence + 1` }
  const row = trx.updateTable('soundlift_conversions').set(change).where('id', '=', found.id)
  const { numUpdatedRows } = await row.where('state', 'in', ['queued', 'running']).executeTakeFirstOrThrow()
  return numUpdatedRows === 0n ? null : found.id
}

async function insertEnded(
  trx: Kysely<LibraryTables>,
  result: StoredFile,
  username: string,
  now: number,
): Promise<string> {
  const sourceId = result.derivedFrom ?? result.id
  const source = await findFile(trx, sourceId)
  const row = {
    id: newId(now),
    owner_id: result.ownerId,
    owner_email: username,
    owner_key: result.ownerId ?? emailKey(username),
    source_id: sourceId,
    source_name: source?.name ?? sourceId,
    source_size: source?.size ?? 0,
    wish: JSON.stringify(parseWish({ format: result.format ?? undefined })),
    attempt: 0,
    fence: 0,
    turn: -1, // it never waited: it has none, as one that was given back
    not_before: AT_ONCE,
    created_at: now,
    ...done(result, now),
  } as const
  await trx.insertInto('soundlift_conversions').values(row).execute()
  return row.id
}
