import { type Kysely, sql, type UpdateObject } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import type { Hold, Outcome } from '../../../ports/library.ts'
import { getConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import { insertFile } from './file-row.ts'
import { AT_ONCE } from './submit.ts'
import type { LibraryTables } from './tables.ts'

type Change = UpdateObject<LibraryTables, 'soundlift_conversions'>

/** No worker holds the conversion any more. */
export const UNHELD = { lease_worker: null, lease_until: null } as const

/** Prolongs the lease; false when another has taken the conversion over, or it has ended. */
export async function renew(
  db: Kysely<LibraryTables>,
  hold: Hold,
  { now, leaseMs, progress }: { now: number; leaseMs: number; progress: number },
): Promise<boolean> {
  return await changeHeld(db, hold, { lease_until: now + leaseMs, progress })
}

/** Ends an attempt: the result's row, the state and the event come in one transaction, or none of them. */
export async function finish(
  db: Kysely<LibraryTables>,
  hold: Hold,
  outcome: Outcome,
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (!(await changeHeld(trx, hold, changeOf(outcome, now)))) throw new AppError('LEASE_LOST')
    if (outcome.kind === 'done') await insertFile(trx, outcome.result)
    if (outcome.kind === 'done' || outcome.kind === 'failed') {
      const result = outcome.kind === 'done' ? outcome.result : null
      await addEvent(trx, await getConversion(trx, hold.id), result, now)
    }
  })
}

/** Writes to a running conversion under its fence; false when the hold is lost. */
async function changeHeld(db: Kysely<LibraryTables>, { id, fence }: Hold, change: Change): Promise<boolean> {
  const held = db.updateTable('soundlift_conversions').set(change).where('id', '=', id)
  const current = held.where('fence', '=', fence).where('state', '=', 'running')
  const { numUpdatedRows } = await current.executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

function changeOf(outcome: Outcome, now: number): Change {
  switch (outcome.kind) {
    case 'done': {
      const { result, warning, receipt } = outcome
      return {
        ...UNHELD,
        state: 'done',
        progress: 1,
        result_id: result.id,
        warning: warning && JSON.stringify(warning),
        receipt: JSON.stringify(receipt ?? null),
        ended_at: now,
      }
    }
    case 'failed':
      return { ...UNHELD, state: 'failed', failure: JSON.stringify(outcome.failure), ended_at: now }
    case 'again':
      return { ...QUEUED, failure: JSON.stringify(outcome.failure), not_before: outcome.notBefore }
    case 'released':
      return { ...QUEUED, attempt: sql`attempt - 1`, not_before: AT_ONCE }
  }
}

const QUEUED = { ...UNHELD, state: 'queued', progress: 0 } as const
