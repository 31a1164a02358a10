import type { Kysely } from 'kysely'
import { type State, turnFor } from '../../../domain/conversion.ts'
import { Conflict, isUniqueViolation } from '../../sql/sql-error.ts'
import type { LibraryTables } from './tables.ts'

/**
 * The turn of an owner's next conversion, which nobody else is given before this transaction ends; reads the ends of
 * two indexes, not the queue.
 */
export async function nextTurn(trx: Kysely<LibraryTables>, ownerKey: string): Promise<number> {
  await holdOwner(trx, ownerKey)
  return turnFor(await turnBeingServed(trx), await lastTurnOf(trx, ownerKey))
}

/** One submit of an owner waits for the other, in any database. An owner's very first two may come into conflict. */
async function holdOwner(trx: Kysely<LibraryTables>, ownerKey: string): Promise<void> {
  const touch = trx.updateTable('soundlift_owners').set({ owner_key: ownerKey })
  const { numUpdatedRows } = await touch.where('owner_key', '=', ownerKey).executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return
  const own = trx.insertInto('soundlift_owners').values({ owner_key: ownerKey })
  await own.execute().catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Conflict(error) : error
  })
}

async function turnBeingServed(db: Kysely<LibraryTables>): Promise<number> {
  const live = await edges(db, ['queued', 'running'], 'asc')
  if (live.length > 0) return Math.min(...live)
  return Math.max(0, ...(await edges(db, ['done', 'failed', 'cancelled'], 'desc')))
}

/** The lowest or highest turn in each of these states. */
async function edges(
  db: Kysely<LibraryTables>,
  states: readonly State[],
  direction: 'asc' | 'desc',
): Promise<number[]> {
  const found: number[] = []
  for (const state of states) {
    const rows = db.selectFrom('soundlift_conversions').select('turn').where('state', '=', state)
    const edge = await rows.orderBy('turn', direction).limit(1).executeTakeFirst()
    if (edge) found.push(edge.turn)
  }
  return found
}

async function lastTurnOf(db: Kysely<LibraryTables>, ownerKey: string): Promise<number | null> {
  const rows = db.selectFrom('soundlift_conversions').select('turn').where('owner_key', '=', ownerKey)
  const last = await rows.orderBy('turn', 'desc').limit(1).executeTakeFirst()
  return last?.turn ?? null
}
