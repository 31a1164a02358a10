import type { UpdateFilter } from 'mongodb'
import type { Conversion } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Hold, Library, Outcome } from '../../../ports/library.ts'
import type { Collections, ConversionDoc } from './collections.ts'
import { SHOWN, toConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import { insertFile } from './files.ts'
import { AT_ONCE } from './submit.ts'
import type { Transact, Within } from './transaction.ts'

type Change = UpdateFilter<ConversionDoc>

/** Prolongs the lease; false when another has taken the conversion over, or it has ended. */
export async function renew(
  at: Collections,
  hold: Hold,
  { now, leaseMs, progress }: Parameters<Library['renew']>[1],
): Promise<boolean> {
  const change = { $set: { 'lease.until': now + leaseMs, progress } }
  return (await changeHeld(at, hold, change, {})) !== null
}

/** Ends an attempt: the result's row, the state and the event come in one transaction, or none of them. */
export async function finish(
  at: Collections,
  transact: Transact,
  hold: Hold,
  outcome: Outcome,
  now: number,
): Promise<void> {
  await transact(async (within) => {
    const ended = await changeHeld(at, hold, changeOf(outcome, now), within)
    if (!ended) throw new AppError('LEASE_LOST')
    if (outcome.kind === 'done') await insertFile(at, outcome.result, within)
    if (outcome.kind === 'done' || outcome.kind === 'failed') {
      await addEvent(at, ended, outcome.kind === 'done' ? outcome.result : null, now, within)
    }
  })
}

/** Writes to a running conversion under its fence and returns it as it is then; null when the hold is lost. */
async function changeHeld(
  { conversions }: Collections,
  { id, fence }: Hold,
  change: Change,
  within: Within,
): Promise<Conversion | null> {
  const held = { _id: { $eq: id }, fence, state: 'running' as const }
  const after = { returnDocument: 'after', projection: SHOWN, ...within } as const
  const doc = await conversions.findOneAndUpdate(held, change, after)
  return doc && toConversion(doc)
}

function changeOf(outcome: Outcome, now: number): Change {
  switch (outcome.kind) {
    case 'done': {
      const { result, warning, receipt } = outcome
      const made = { resultId: result.id, warning, receipt: JSON.stringify(receipt ?? null) }
      return { $set: { state: 'done', lease: null, progress: 1, ...made, endedAt: now } }
    }
    case 'failed':
      return { $set: { state: 'failed', lease: null, failure: outcome.failure, endedAt: now } }
    case 'again':
      return { $set: { ...QUEUED, failure: outcome.failure, notBefore: outcome.notBefore } }
    case 'released':
      return { $set: { ...QUEUED, notBefore: AT_ONCE }, $inc: { attempt: -1 } }
  }
}

const QUEUED = { state: 'queued', lease: null, progress: 0 } as const
