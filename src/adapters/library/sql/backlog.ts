import type { Kysely } from 'kysely'
import { type Backlog, MOST_COUNTED } from '../../../ports/library.ts'
import type { LibraryTables } from './tables.ts'

/** Reads no more than so many entries of the index that the claim reads: what has ended is not looked at. */
export async function backlog(db: Kysely<LibraryTables>): Promise<Backlog> {
  const queued = await count(db, 'queued')
  const running = await count(db, 'running')
  return { queued: queued.many, running: running.many, oldestQueued: queued.oldest }
}

async function count(db: Kysely<LibraryTables>, state: 'queued' | 'running') {
  const front = db
    .selectFrom('soundlift_conversions')
    .select('created_at')
    .where('state', '=', state)
    .orderBy('turn')
    .limit(MOST_COUNTED)
  const counted = db.selectFrom(front.as('front')).select(({ fn }) => [
    fn.countAll<number>().as('many'),
    // Null where there is none, which the types do not know.
    fn.min<number | null>('created_at').as('oldest'),
  ])
  const { many, oldest } = await counted.executeTakeFirstOrThrow()
  return { many: Number(many), oldest }
}
