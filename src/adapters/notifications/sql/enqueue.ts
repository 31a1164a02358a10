import type { Kysely } from 'kysely'
import { personOf } from '../../../domain/event.ts'
import type { NewDelivery } from '../../../ports/notifications.ts'
import { anew } from '../../sql/anew.ts'
import type { NotificationTables } from './tables.ts'

/** Adds the deliveries that are not there yet, all or none. Another process may add each of them in between. */
export async function enqueue(
  db: Kysely<NotificationTables>,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<void> {
  await anew(deliveries.length, () => addMissing(db, deliveries, now))
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
    person: personOf(event),
    state: 'due',
    attempt: 0,
    fence: 0,
    not_before: now,
    due_at: now,
    created_at: now,
  } as const
  await trx.insertInto('soundlift_deliveries').values(row).execute()
}
