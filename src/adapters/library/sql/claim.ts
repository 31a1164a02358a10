import type { Kysely } from 'kysely'
import { type Conversion, MAX_ATTEMPTS } from '../../../domain/conversion.ts'
import type { Library } from '../../../ports/library.ts'
import { hasRowLocks } from '../../sql/has-row-locks.ts'
import { selectConversions, toConversion } from './conversion-row.ts'
import type { LibraryTables } from './tables.ts'
import { tellWatchers } from './watchers.ts'

type Worker = Parameters<Library['claim']>[0]
type Due = (db: Kysely<LibraryTables>, now: number) => ReturnType<typeof selectConversions>

/** The fairest due conversion, taken under a lease. What another worker is just taking is passed by. */
export async function claim(db: Kysely<LibraryTables>, worker: Worker): Promise<Conversion | null> {
  for (const due of await fairestFirst(db, worker.now)) {
    const taken = await take(db, due, worker)
    if (taken) return taken
  }
  return null
}

/** Two queries, not one with OR: each reads the front of one index, however long the queue. */
const whatWaits: Due = (db, now) =>
  selectConversions(db).where('state', '=', 'queued').where('not_before', '<=', now)

const whatWasAbandoned: Due = (db, now) =>
  selectConversions(db)
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .where('attempt', '<', MAX_ATTEMPTS)

const first = (due: ReturnType<Due>) => due.orderBy('turn').orderBy('created_at').orderBy('id').limit(1)

/** Which of the two has the lower (turn, created) at its front; hardly ever was anything abandoned. */
async function fairestFirst(db: Kysely<LibraryTables>, now: number): Promise<readonly Due[]> {
  const abandoned = await first(whatWasAbandoned(db, now)).executeTakeFirst()
  if (!abandoned) return [whatWaits]
  const waiting = await first(whatWaits(db, now)).executeTakeFirst()
  if (!waiting) return [whatWasAbandoned]
  const order = abandoned.turn - waiting.turn || abandoned.created_at - waiting.created_at
  return order <= 0 ? [whatWasAbandoned, whatWaits] : [whatWaits, whatWasAbandoned]
}

/** Null when nothing is left that nobody else is taking. */
async function take(
  db: Kysely<LibraryTables>,
  due: Due,
  { name, now, leaseMs }: Worker,
): Promise<Conversion | null> {
  return await db.transaction().execute(async (trx) => {
    const front = first(due(trx, now)).$if(hasRowLocks(trx), (rows) => rows.forUpdate().skipLocked())
    const row = await front.executeTakeFirst()
    if (!row) return null
    const change = {
      state: 'running',
      attempt: row.attempt + 1,
      fence: row.fence + 1,
      lease_worker: name,
      lease_until: now + leaseMs,
      progress: 0,
      failure: null,
      started_at: now,
    } as const
    await trx.updateTable('soundlift_conversions').set(change).where('id', '=', row.id).execute()
    const running = toConversion({ ...row, ...change })
    await tellWatchers(trx, running, now)
    return running
  })
}
