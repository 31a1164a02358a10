import type { Kysely } from 'kysely'
import type { NewDelivery } from '../../../ports/notifications.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import type { NotificationTables } from './tables.ts'

/**
 * Adds the deliveries that are not there yet, all or none. When another process adds one of them in between, it
 * begins anew and finds it: that can happen once for each.
 */
export async function enqueue(
  db: Kysely<NotificationTables>,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<void> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await addMissing(db, deliveries, now)
    } catch (error) {
      if (!isUniqueViolation(error) || conflicts >= deliveries.length) throw error
    }
  }
}

async function addMissing(
  db: Kysely<NotificationTables>,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const delivery of deliveries) {
      if (!(await isThere(trx, delivery))) await insert(trx, delivery, now)
    }
  })
}

async function isThere(
  trx: Kysely<NotificationTables>,
  { event, channel, address }: NewDelivery,
): Promise<boolean> {
  const same = trx.selectFrom('soundlift_deliveries').select('id').where('event_id', '=', event.id)
  const found = same.where('channel', '=', channel).where('address', '=', address)
  return (await found.executeTakeFirst()) !== undefined
}

async function insert(
  trx: Kysely<NotificationTables>,
  { id, event, channel, address }: NewDelivery,
  now: number,
): Promise<void> {
  const row = {
    id,
    event_id: event.id,
    channel,
    address,
    event: JSON.stringify(event),
    state: 'queued',
    attempt: 0,
    fence: 0,
    not_before: now,
    due_at: now,
    created_at: now,
  } as const
  await trx.insertInto('soundlift_deliveries').values(row).execute()
}
