import type { Kysely } from 'kysely'
import type { Delivery } from '../../../domain/delivery.ts'
import type { DeliveryRow, NotificationTables } from './tables.ts'

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    event: JSON.parse(row.event),
    channel: row.channel,
    address: row.address,
    state: row.state,
    attempt: row.attempt,
    fence: row.fence,
    notBefore: row.not_before,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}

/** Newest first: an id begins with its time. */
export async function listDeliveries(
  db: Kysely<NotificationTables>,
  { limit, cursor, address }: { limit: number; cursor?: string; address?: string },
): Promise<readonly Delivery[]> {
  let rows = db.selectFrom('soundlift_deliveries').selectAll().orderBy('id', 'desc').limit(limit)
  if (address !== undefined) rows = rows.where('address', '=', address)
  if (cursor !== undefined) rows = rows.where('id', '<', cursor)
  return (await rows.execute()).map(toDelivery)
}
