import { MAX_ATTEMPTS, type Told } from '../../../domain/conversion.ts'
import { errorKind } from '../../../domain/errors.ts'
import type { Collections } from './collections.ts'
import { toConversion } from './conversions.ts'
import { addEvent } from './events.ts'
import type { Transact } from './transaction.ts'

const LOST: Told = { code: 'WORKER_LOST', text: errorKind('WORKER_LOST').meaning }

const lost = (now: number) => ({
  state: 'running' as const,
  'lease.until': { $lte: now },
  attempt: { $gte: MAX_ATTEMPTS },
})

/** Fails, each in its own transaction, what ran its last attempt and lost its lease; returns how many. */
export async function failExhausted(at: Collections, transact: Transact, now: number): Promise<number> {
  for (let failed = 0; ; failed++) if (!(await failOne(at, transact, now))) return failed
}

/** False when there is none left. */
async function failOne(at: Collections, transact: Transact, now: number): Promise<boolean> {
  return await transact(async (within) => {
    const change = { $set: { state: 'failed', lease: null, failure: LOST, endedAt: now } } as const
    const after = { returnDocument: 'after', ...within } as const
    const doc = await at.conversions.findOneAndUpdate(lost(now), change, after)
    if (doc) await addEvent(at, toConversion(doc), null, now, within)
    return doc !== null
  })
}
