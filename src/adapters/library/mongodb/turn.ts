import { type State, turnFor } from '../../../domain/conversion.ts'
import type { Collections } from './collections.ts'
import type { Within } from './transaction.ts'

/** The turn of an owner's next conversion; reads the ends of two indexes, not the queue. */
export async function nextTurn(at: Collections, ownerKey: string, within: Within): Promise<number> {
  return turnFor(await turnBeingServed(at, within), await lastTurnOf(at, ownerKey, within))
}

async function turnBeingServed(at: Collections, within: Within): Promise<number> {
  const live = await edge(at, ['queued', 'running'], 1, within)
  if (live !== undefined) return live
  return Math.max(0, (await edge(at, ['done', 'failed', 'cancelled'], -1, within)) ?? 0)
}

/** The lowest (1) or highest (-1) turn in these states; the server merges one end of the index for each. */
async function edge(
  { conversions }: Collections,
  states: readonly State[],
  direction: 1 | -1,
  within: Within,
): Promise<number | undefined> {
  const order = { turn: direction, createdAt: direction, _id: direction } as const
  const found = { sort: order, projection: { turn: 1, _id: 0 }, ...within }
  return (await conversions.findOne({ state: { $in: states } }, found))?.turn
}

/** Turns that were given back lie below zero and in no index. */
async function lastTurnOf(
  { conversions }: Collections,
  ownerKey: string,
  within: Within,
): Promise<number | null> {
  const found = { sort: { turn: -1 }, projection: { turn: 1, _id: 0 }, ...within } as const
  const last = await conversions.findOne({ ownerKey: { $eq: ownerKey }, turn: { $gte: 0 } }, found)
  return last?.turn ?? null
}
