import { type Kysely, sql } from 'kysely'
import { type Conversion, MAX_ATTEMPTS } from '../../../domain/conversion.ts'
import { getConversion } from './conversions.ts'
import type { LibraryTables } from './tables.ts'

interface Worker {
  readonly name: string
  readonly now: number
  readonly leaseMs: number
}

/** The fairest due conversion, taken under a lease; looks again when another worker was faster. */
export async function claim(db: Kysely<LibraryTables>, worker: Worker): Promise<Conversion | null> {
  for (;;) {
    const candidate = await fairest(db, worker.now)
    if (!candidate) return null
    const taken = await take(db, candidate, worker)
    if (taken) return taken
  }
}

type Candidate = NonNullable<Awaited<ReturnType<typeof fairest>>>

/** The lowest (turn, created) of what waits and of what was abandoned. */
async function fairest(db: Kysely<LibraryTables>, now: number) {
  const waiting = await first(whatWaits(db, now))
  const abandoned = await first(whatWasAbandoned(db, now))
  if (!waiting || !abandoned) return waiting ?? abandoned
  const order = abandoned.turn - waiting.turn || abandoned.created_at - waiting.created_at
  return order <= 0 ? abandoned : waiting
}

/** Two queries, not one with OR: each is met by an index, however long the queue. */
const whatWaits = (db: Kysely<LibraryTables>, now: number) =>
  db.selectFrom('soundlift_conversions').where('state', '=', 'queued').where('not_before', '<=', now)

const whatWasAbandoned = (db: Kysely<LibraryTables>, now: number) =>
  db
    .selectFrom('soundlift_conversions')
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .where('attempt', '<', MAX_ATTEMPTS)

const first = (due: ReturnType<typeof whatWaits>) =>
  due
    .select(['id', 'fence', 'turn', 'created_at'])
    .orderBy('turn')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()

/** Null when the candidate was claimed, renewed or cancelled since it was seen. */
async function take(
  db: Kysely<LibraryTables>,
  { id, fence }: Candidate,
  { name, now, leaseMs }: Worker,
): Promise<Conversion | null> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('soundlift_conversions')
      .set({
        state: 'running',
        attempt: sql`attempt + 1`,
        fence: fence + 1,
        lease_worker: name,
        lease_until: now + leaseMs,
        progress: 0,
        failure: null,
        started_at: now,
      })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('state', 'in', ['queued', 'running'])
      .where((row) => row.or([row('lease_until', 'is', null), row('lease_until', '<=', now)]))
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 0n ? null : await getConversion(trx, id)
  })
}
