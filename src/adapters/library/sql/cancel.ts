import { type Kysely, sql } from 'kysely'
import type { Conversion } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import { getConversion } from './conversions.ts'
import { UNHELD } from './finish.ts'
import type { LibraryTables } from './tables.ts'

/** A turn that was never used is given back: who cancels a hundred does not wait for a hundred turns of others. */
const TURN_OR_BACK = sql<number>`case when started_at is null then -1 else turn end`

/** Ends a queued or running conversion; its worker learns of it when it renews. */
export async function cancel(db: Kysely<LibraryTables>, id: string, now: number): Promise<Conversion> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('soundlift_conversions')
      .set({ ...UNHELD, state: 'cancelled', failure: null, turn: TURN_OR_BACK, ended_at: now })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirstOrThrow()
    const conversion = await getConversion(trx, id)
    if (numUpdatedRows === 0n) throw new AppError('CONVERSION_ENDED')
    return conversion
  })
}
