import { type Kysely, sql } from 'kysely'
import type { Overdue } from '../../../ports/library.ts'
import { isIdle } from './files.ts'
import type { LibraryTables } from './tables.ts'

/** What a sweep would remove: expired files at `now`, rows of what ended by `before`. Servers give sums as text. */
export async function overdue(db: Kysely<LibraryTables>, now: number, before: number): Promise<Overdue> {
  const count = sql<number | string>`count(*)`.as('count')
  const bytes = sql<number | string>`coalesce(sum(size), 0)`.as('bytes')
  const files = db.selectFrom('soundlift_files').select([count, bytes])
  const expired = await files.where('expires_at', '<=', now).where(isIdle).executeTakeFirstOrThrow()
  const rows = [
    db.selectFrom('soundlift_conversions').select(count).where('ended_at', '<=', before),
    db.selectFrom('soundlift_former_files').select(count).where('expired_at', '<=', before),
    db.selectFrom('soundlift_events').select(count).where('announced', '=', 1),
  ]
  let sum = 0
  for (const each of rows) sum += Number((await each.executeTakeFirstOrThrow()).count)
  return { files: Number(expired.count), bytes: Number(expired.bytes), rows: sum }
}
