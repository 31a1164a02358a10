import type { Kysely } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import type { CodeLimit, PendingAddress, Place } from '../../../ports/notifications.ts'
import { anew } from '../../sql/anew.ts'
import type { NotificationTables } from './tables.ts'

type Db = Kysely<NotificationTables>

const NOTHING_PENDING = { pending: null, pending_event: null, pending_until: null } as const

/** Notes an address that is to be proven; TOO_MANY_CODES. */
export function askAddress(db: Db, asked: PendingAddress, limit: CodeLimit, now: number): Promise<void> {
  return anew(1, () => db.transaction().execute((trx) => noteAddress(trx, asked, limit, now)))
}

async function noteAddress(trx: Db, wanted: PendingAddress, limit: CodeLimit, now: number): Promise<void> {
  const { person, channel, address, eventId, until } = wanted
  await countCode(trx, wanted, limit, now)
  const change = { pending: address, pending_event: eventId, pending_until: until, tries: 0 }
  const table = 'soundlift_addresses'
  const update = trx.updateTable(table).set(change).where('person', '=', person)
  if ((await update.where('channel', '=', channel).executeTakeFirstOrThrow()).numUpdatedRows > 0n) return
  await trx
    .insertInto(table)
    .values({ person, channel, ...change })
    .execute()
}

/** Nobody asks for many codes, and nobody is flooded by them, by many accounts of one neither. */
async function countCode(
  trx: Db,
  wanted: PendingAddress,
  { codes, within }: CodeLimit,
  now: number,
): Promise<void> {
  const { person, channel, address, eventId: event_id } = wanted
  await trx
    .deleteFrom('soundlift_codes')
    .where('asked_at', '<=', now - within)
    .execute()
  const sent = trx
    .selectFrom('soundlift_codes')
    .select('asked_at')
    .where('channel', '=', channel)
    .orderBy('asked_at')
  for (const same of [sent.where('person', '=', person), sent.where('address', '=', address)]) {
    const found = await same.execute()
    const retryAfter = Math.ceil(((found[0]?.asked_at ?? now) + within - now) / 1000)
    if (found.length >= codes) throw new AppError('TOO_MANY_CODES', undefined, { retryAfter })
  }
  await trx
    .insertInto('soundlift_codes')
    .values({ event_id, person, channel, address, asked_at: now })
    .execute()
}

const rowOf = (db: Db, { person, channel }: Place) => {
  const rows = db.selectFrom('soundlift_addresses').selectAll().where('person', '=', person)
  return rows.where('channel', '=', channel).executeTakeFirst()
}

/** Counts a try, and tells what it is for; null when there is nothing to try. */
export function tryCode(db: Db, place: Place, tries: number, now: number): Promise<PendingAddress | null> {
  return db.transaction().execute(async (trx) => {
    const update = trx.updateTable('soundlift_addresses').set((row) => ({ tries: row('tries', '+', 1) }))
    const mine = update.where('person', '=', place.person).where('channel', '=', place.channel)
    const good = mine.where('pending_until', '>', now).where('tries', '<', tries)
    if ((await good.executeTakeFirstOrThrow()).numUpdatedRows === 0n) return null
    const row = await rowOf(trx, place)
    if (!row?.pending || !row.pending_event || !row.pending_until) return null
    return { ...place, address: row.pending, eventId: row.pending_event, until: row.pending_until }
  })
}

/** CODE_EXPIRED when it is not the address that is to be proven any more. */
export async function proveAddress(db: Db, proven: PendingAddress, now: number): Promise<void> {
  const change = { address: proven.address, proven_at: now, ...NOTHING_PENDING }
  const update = db.updateTable('soundlift_addresses').set(change).where('person', '=', proven.person)
  const mine = update.where('channel', '=', proven.channel).where('pending_event', '=', proven.eventId)
  if ((await mine.executeTakeFirstOrThrow()).numUpdatedRows === 0n) throw new AppError('CODE_EXPIRED')
}

export async function removeAddress(db: Db, { person, channel }: Place): Promise<void> {
  const change = { address: null, proven_at: null, ...NOTHING_PENDING }
  const update = db.updateTable('soundlift_addresses').set(change).where('person', '=', person)
  await update.where('channel', '=', channel).execute()
}
