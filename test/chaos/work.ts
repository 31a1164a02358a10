import { setTimeout as pause } from 'node:timers/promises'
import type { Conversion } from '../../src/domain/conversion.ts'
import { longWav } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import type { Actor } from './actor.ts'
import type { Cast } from './cast.ts'
import type { Ledger } from './ledger.ts'
import type { Stores } from './stores.ts'

/** A conversion that a converter is at, and which. */
export interface Work {
  readonly row: Conversion
  readonly worker: Actor
}

/** Brings a recording; the id of its conversion. */
export async function bringLong(ledger: Ledger, minutes: number): Promise<string> {
  const answer = await ledger.bring(await longWav(minutes))
  if ('conversionId' in answer) return answer.conversionId
  throw new Error(JSON.stringify(answer))
}

/** The row as it is now. */
export async function rowOf({ library }: Stores, id: string): Promise<Conversion> {
  const row = await library.conversion(id)
  if (!row) throw new Error(`${id} is not there`)
  return row
}

/** Waits until a converter is at it, in this attempt, and the row says that work has moved on so far (0 to 1). */
export function atWork(cast: Cast, stores: Stores, id: string, attempt = 1, progress = 0): Promise<Work> {
  return until(`attempt ${attempt} of ${id}`, async () => {
    const row = await rowOf(stores, id)
    const worker = workerOf(cast, row)
    const isIt = row.state === 'running' && row.attempt === attempt && row.progress >= progress
    return isIt && worker ? { row, worker } : undefined
  })
}

/** The name of a worker has its process in it. */
function workerOf(cast: Cast, { lease }: Conversion): Actor | undefined {
  return cast.of('converter').find(({ pid }) => lease?.worker.includes(`-${pid}-`))
}

/** Waits until it has ended; the row as it is then. */
export function endOf(stores: Stores, id: string, milliseconds = 60_000): Promise<Conversion> {
  const look = async () => {
    const row = await rowOf(stores, id)
    return row.endedAt !== null ? row : undefined
  }
  return until(`${id} has ended`, look, milliseconds)
}

/** Cancels what need not be finished, and waits until its worker has noticed. */
export async function cancelAll({ library }: Stores, ids: readonly string[]): Promise<void> {
  for (const id of ids) await library.cancel(id, Date.now())
  await pause(1_500)
}
