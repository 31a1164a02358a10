import { type Kysely, sql } from 'kysely'
import type { Delivery, DeliveryState } from '../../../domain/delivery.ts'
import { AppError } from '../../../domain/errors.ts'
import type { DeliveryPage } from '../../../ports/notifications.ts'
import type { DeliveryRow, NotificationTables, StoredState } from './tables.ts'

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    event: JSON.parse(row.event),
    channel: row.channel,
    address: row.address,
    state: row.state === 'due' ? 'queued' : row.state,
    attempt: row.attempt,
    fence: row.fence,
    notBefore: row.not_before,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

export async function findDelivery(db: Kysely<NotificationTables>, id: string): Promise<Delivery | null> {
  const rows = db.selectFrom('soundlift_deliveries').selectAll().where('id', '=', id)
  const row = await rows.executeTakeFirst()
  return row ? toDelivery(row) : null
}

/** Due again, as if it had never been tried, with a new fence: nobody who held it can write. */
export async function replay(db: Kysely<NotificationTables>, id: string, now: number): Promise<Delivery> {
  const change = {
    state: 'due',
    attempt: 0,
    not_before: now,
    due_at: now,
    reason: null,
    ended_at: null,
  } as const
  const update = db
    .updateTable('soundlift_deliveries')
    .set((row) => ({ ...change, fence: row('fence', '+', 1) }))
  const ended = update.where('id', '=', id).where('ended_at', 'is not', null)
  const { numUpdatedRows } = await ended.executeTakeFirstOrThrow()
  const delivery = await findDelivery(db, id)
  if (!delivery) throw new AppError('DELIVERY_NOT_FOUND')
  if (numUpdatedRows === 0n) throw new AppError('DELIVERY_UNDER_WAY')
  return delivery
}

/** Newest first: an id begins with its time. */
export async function listDeliveries(
  db: Kysely<NotificationTables>,
  { limit, cursor, state, ...exact }: DeliveryPage,
): Promise<readonly Delivery[]> {
  let rows = db.selectFrom('soundlift_deliveries').selectAll().orderBy('id', 'desc').limit(limit)
  for (const column of ['address', 'person', 'channel'] as const) {
    const wanted = exact[column]
    if (wanted !== undefined) rows = rows.where(column, '=', wanted)
  }
  if (state !== undefined) rows = rows.where('state', 'in', storedAs(state))
  if (cursor !== undefined) rows = rows.where('id', '<', cursor)
  return (await rows.execute()).map(toDelivery)
}

/** Removes what ended by `before`. What is sent anew meanwhile stays. */
export async function forgetDeliveries(
  db: Kysely<NotificationTables>,
  before: number,
  limit: number,
): Promise<number> {
  const ended = db.selectFrom('soundlift_deliveries').select('id').where('ended_at', '<=', before)
  const ids = (await ended.orderBy('ended_at').limit(limit).execute()).map(({ id }) => id)
  if (ids.length === 0) return 0
  const removal = db.deleteFrom('soundlift_deliveries').where('id', 'in', ids)
  return Number((await removal.where('ended_at', '<=', before).executeTakeFirstOrThrow()).numDeletedRows)
}

export async function overdueDeliveries(db: Kysely<NotificationTables>, before: number): Promise<number> {
  const count = sql<number | string>`count(*)`.as('count')
  const ended = db.selectFrom('soundlift_deliveries').select(count).where('ended_at', '<=', before)
  return Number((await ended.executeTakeFirstOrThrow()).count)
}

const storedAs = (state: DeliveryState): readonly StoredState[] =>
  state === 'queued' ? ['due', 'queued'] : [state]
