import type { Kysely } from 'kysely'
import type { Delivery } from '../../../domain/delivery.ts'
import { AppError } from '../../../domain/errors.ts'
import type { DeliveryOutcome, Notifications } from '../../../ports/notifications.ts'
import { hasRowLocks } from '../../sql/has-row-locks.ts'
import { toDelivery } from './deliveries.ts'
import type { DeliveryRow, NotificationTables } from './tables.ts'

type Wanted = Parameters<Notifications['claim']>[0]

/** The delivery that has been due for longest, under a lease; what an older release left comes last. */
export async function claimDelivery(
  db: Kysely<NotificationTables>,
  wanted: Wanted,
): Promise<Delivery | null> {
  return await db.transaction().execute(async (trx) => {
    const row = (await oldest(trx, 'due', wanted)) ?? (await oldest(trx, 'queued', wanted))
    if (!row) return null
    const dueAt = wanted.now + wanted.leaseMs
    const change = { attempt: row.attempt + 1, fence: row.fence + 1, due_at: dueAt }
    await held(trx, row).set(change).execute()
    return toDelivery({ ...row, ...change })
  })
}

/** What another is just taking is passed by. */
function oldest(
  trx: Kysely<NotificationTables>,
  state: 'due' | 'queued',
  { now, channel, except = [] }: Wanted,
): Promise<DeliveryRow | undefined> {
  const waiting = trx.selectFrom('soundlift_deliveries').selectAll().where('state', '=', state)
  const rows = waiting
    .where('channel', '=', channel)
    .$if(except.length > 0, (all) => all.where('person', 'not in', except))
  const first = rows.where('due_at', '<=', now).orderBy('due_at').orderBy('id').limit(1)
  return first.$if(hasRowLocks(trx), (free) => free.forUpdate().skipLocked()).executeTakeFirst()
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
      : { state: outcome.state, reason: 'reason' in outcome ? outcome.reason : null, ended_at: now }
  const { numUpdatedRows } = await held(db, hold).set(change).executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new AppError('LEASE_LOST', 'Another has taken this delivery over.')
}

/** A write to a delivery that has not ended, refused when another has claimed it since. */
const held = (db: Kysely<NotificationTables>, { id, fence }: { id: string; fence: number }) =>
  db
    .updateTable('soundlift_deliveries')
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', 'in', ['due', 'queued'])
