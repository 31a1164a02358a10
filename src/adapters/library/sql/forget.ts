import type { Kysely } from 'kysely'
import type { LibraryTables } from './tables.ts'

/** Removes what ended or expired by `before`, and events that were announced; up to `limit` rows of each table. */
export async function forget(db: Kysely<LibraryTables>, before: number, limit: number): Promise<number> {
  return (
    (await forgetConversions(db, before, limit)) +
    (await forgetFormerFiles(db, before, limit)) +
    (await forgetEvents(db, limit))
  )
}

/** Found first and then removed by their ids: MySQL knows no limit in a subquery. What is queued anew meanwhile stays. */
async function forgetConversions(db: Kysely<LibraryTables>, before: number, limit: number): Promise<number> {
  const ended = db.selectFrom('soundlift_conversions').select('id').where('ended_at', '<=', before)
  const ids = idsOf(await ended.orderBy('ended_at').limit(limit).execute())
  if (ids.length === 0) return 0
  const removal = db.deleteFrom('soundlift_conversions').where('id', 'in', ids)
  return Number((await removal.where('ended_at', '<=', before).executeTakeFirstOrThrow()).numDeletedRows)
}

async function forgetFormerFiles(db: Kysely<LibraryTables>, before: number, limit: number): Promise<number> {
  const former = db.selectFrom('soundlift_former_files').select('id').where('expired_at', '<=', before)
  const ids = idsOf(await former.orderBy('expired_at').limit(limit).execute())
  if (ids.length === 0) return 0
  const removal = db.deleteFrom('soundlift_former_files').where('id', 'in', ids)
  return Number((await removal.executeTakeFirstOrThrow()).numDeletedRows)
}

async function forgetEvents(db: Kysely<LibraryTables>, limit: number): Promise<number> {
  const announced = db.selectFrom('soundlift_events').select('id').where('announced', '=', 1)
  const ids = idsOf(await announced.orderBy('created_at').orderBy('id').limit(limit).execute())
  if (ids.length === 0) return 0
  const removal = db.deleteFrom('soundlift_events').where('id', 'in', ids)
  return Number((await removal.executeTakeFirstOrThrow()).numDeletedRows)
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
