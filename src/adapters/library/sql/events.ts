import type { Kysely } from 'kysely'
import type { Conversion } from '../../../domain/conversion.ts'
import { type ConversionEvent, eventOf, eventTime } from '../../../domain/event.ts'
import type { StoredFile } from '../../../domain/file.ts'
import { newId } from '../../../kit/ids.ts'
import type { LibraryTables } from './tables.ts'

/** Writes what is told about a conversion in the state it has come to, in the transaction that brought it there. */
export async function addEvent(
  trx: Kysely<LibraryTables>,
  conversion: Conversion,
  result: StoredFile | null,
  now: number,
): Promise<void> {
  const at = eventTime(conversion, now)
  const event = eventOf(conversion, result, { id: newId(at), now: at })
  const row = { id: event.id, body: JSON.stringify(event), announced: 0, created_at: at } as const
  await trx.insertInto('soundlift_events').values(row).execute()
}

/** Oldest first. */
export async function unannounced(
  db: Kysely<LibraryTables>,
  limit: number,
): Promise<readonly ConversionEvent[]> {
  const rows = db.selectFrom('soundlift_events').select('body').where('announced', '=', 0)
  const oldest = await rows.orderBy('created_at').orderBy('id').limit(limit).execute()
  return oldest.map((row): ConversionEvent => JSON.parse(row.body))
}

/** Nobody looks at them again. */
export async function removeAnnounced(db: Kysely<LibraryTables>, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length === 0) return
  await db.deleteFrom('soundlift_events').where('id', 'in', eventIds).execute()
}
