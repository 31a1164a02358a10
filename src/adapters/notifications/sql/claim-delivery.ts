import { type Kysely, sql } from 'kysely'
import type { Delivery } from '../../../domain/delivery.ts'
import { AppError } from '../../../domain/errors.ts'
import type { DeliveryOutcome } from '../../../ports/notifications.ts'
import { toDelivery } from './deliveries.ts'
import type { NotificationTables } from './tables.ts'

/** The delivery that has been due for longest, under a lease; looks again when another was faster. */
export async function claimDelivery(
  db: Kysely<NotificationTables>,
  { now, leaseMs }: { now: number; leaseMs: number },
): Promise<Delivery | null> {
  for (;;) {
    const due = db.selectFrom('soundlift_deliveries').select(['id', 'fence']).where('state', '=', 'queued')
    const oldest = due.where('due_at', '<=', now).orderBy('due_at').orderBy('id').limit(1)
    const candidate = await oldest.executeTakeFirst()
    if (!candidate) return null
    const taken = await take(db, candidate, now + leaseMs)
    if (taken) return taken
  }
}

/** Null when the candidate was claimed or settled since it was seen. */
async function take(
  db: Kysely<NotificationTables>,
  hold: { id: string; fence: number },
  until: number,
): Promise<Delivery | null> {
  return await db.transaction().execute(async (trx) => {
    const change = { attempt: sql<number>`attempt + 1`, fence: hold.fence + 1, due_at: until }
    const { numUpdatedRows } = await held(trx, hold).set(change).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return null
    const row = trx.selectFrom('soundlift_deliveries').selectAll().where('id', '=', hold.id)
    return toDelivery(await row.executeTakeFirstOrThrow())
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
