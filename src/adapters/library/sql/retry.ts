import type { Kysely } from 'kysely'
import { type Conversion, mayBeRetried, STATES } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import { emailKey } from '../../../domain/user.ts'
import { getConversion } from './conversions.ts'
import { holdFile } from './files.ts'
import { AT_ONCE } from './submit.ts'
import type { LibraryTables } from './tables.ts'
import { nextTurn } from './turn.ts'
import { tellWatchers } from './watchers.ts'

/** Queues a failed or cancelled conversion behind its owner's others. The fence stays: it only ever rises. */
export async function retry(db: Kysely<LibraryTables>, id: string, now: number): Promise<Conversion> {
  return await db.transaction().execute(async (trx) => {
    const { sourceId, ownerId, ownerEmail } = await getConversion(trx, id)
    const sourceIsThere = (await holdFile(trx, sourceId)) !== null
    const { numUpdatedRows } = await trx
      .updateTable('soundlift_conversions')
      .set({
        state: 'queued',
        attempt: 0,
        turn: await nextTurn(trx, ownerId ?? emailKey(ownerEmail)),
        not_before: AT_ONCE,
        progress: 0,
        failure: null,
        started_at: null,
        ended_at: null,
      })
      .where('id', '=', id)
      .where('state', 'in', STATES.filter(mayBeRetried))
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) throw new AppError('CONVERSION_NOT_RETRYABLE')
    if (!sourceIsThere) throw new AppError('FILE_EXPIRED', 'The source of this conversion was removed.')
    const queued = await getConversion(trx, id)
    await tellWatchers(trx, queued, now)
    return queued
  })
}
