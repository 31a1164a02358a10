import type { Kysely } from 'kysely'
import { MAX_ATTEMPTS } from '../../../domain/conversion.ts'
import { errorKind } from '../../../domain/errors.ts'
import type { Hold } from '../../../ports/library.ts'
import { getConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import { UNHELD } from './finish.ts'
import type { LibraryTables } from './tables.ts'

const LOST = JSON.stringify({ code: 'WORKER_LOST', text: errorKind('WORKER_LOST').meaning })

/** Fails, each in its own transaction, what ran its last attempt and lost its lease; returns how many. */
export async function failExhausted(db: Kysely<LibraryTables>, now: number): Promise<number> {
  const lost = await db
    .selectFrom('soundlift_conversions')
    .select(['id', 'fence'])
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .where('attempt', '>=', MAX_ATTEMPTS)
    .execute()
  let failed = 0
  for (const hold of lost) if (await failLost(db, hold, now)) failed++
  return failed
}

/** False when the worker came back, or another process was faster. */
async function failLost(db: Kysely<LibraryTables>, { id, fence }: Hold, now: number): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('soundlift_conversions')
      .set({ ...UNHELD, state: 'failed', failure: LOST, ended_at: now })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('state', '=', 'running')
      .where('lease_until', '<=', now)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await addEvent(trx, await getConversion(trx, id), null, now)
    return true
  })
}
