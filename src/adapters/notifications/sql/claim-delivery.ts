import type { Kysely } from 'kysely'
import type { Delivery } from '../../../domain/delivery.ts'
import { AppError } from '../../../domain/errors.ts'
import type { DeliveryOutcome } from '../../../ports/notifications.ts'
import { hasRowLocks } from '../../sql/has-row-locks.ts'
import { toDelivery } from './deliveries.ts'
import type { NotificationTables } from './tables.ts'

/** The delivery that has been due for longest, under a lease. What another is just taking is passed by. */
export async function claimDelivery(
  db: Kysely<NotificationTables>,
  { now, leaseMs }: { now: number; leaseMs: number },
): Promise<Delivery | null> {
  return await db.transaction().execute(async (trx) => {
    const due = trx.selectFrom('soundlift_deliveries').selectAll().where('state', '=', 'queued')
    const oldest = due.where('due_at', '<=', now).orderBy('due_at').orderBy('id').limit(1)
    const free = oldest.$if(hasRowLocks(trx), (rows) => rows.forUpdate().skipLocked())
    const row = await free.executeTakeFirst()
    if (!row) return null
    const change = { attempt: row.attempt + 1, fence: row.fence + 1, due_at: now + leaseMs }
    await held(trx, row).set(change).execute()
    return toDelivery({ ...row, ...change })
  })
}

/** Ends an attempt under its fence. */
export async function settle(
  db: Kysely<NotificationTables>,
  hold: { id: string; fence: number },
  outcome: DeliveryOutcome,
  now: number,
): Promise<void> {
  const change =
    outcome.state === 'queued'
      ? { reason: outcome.reason, not_before: outcome.notBefore, due_at: outcome.notBefore }
      : { state: outcome.state, reason: outcome.state === 'parked' ? outcome.reason : null, ended_at: now }
  const { numUpdatedRows } = await held(db, hold).set(change).executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new AppError('LEASE_LOST', 'Another has taken this delivery over.')
}

/** A write to a delivery that has not ended, refused when another has claimed it since. */
const held = (db: Kysely<NotificationTables>, { id, fence }: { id: string; fence: number }) =>
  db
    .updateTable('soundlift_deliveries')
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', '=', 'queued')
