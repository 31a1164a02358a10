import { type Conversion, MAX_ATTEMPTS } from '../../../domain/conversion.ts'
import type { Library } from '../../../ports/library.ts'
import type { Collections } from './collections.ts'
import { SHOWN, toConversion } from './conversions.ts'
import { tellWatchers } from './watchers.ts'

/**
 * What waits and what was abandoned. Each half is met by the index `fair` in its order, and the server merges the
 * two: it looks at the front of the queue, however long it is.
 */
const due = (now: number) => ({
  $or: [
    { state: 'queued' as const, notBefore: { $lte: now } },
    { state: 'running' as const, 'lease.until': { $lte: now }, attempt: { $lt: MAX_ATTEMPTS } },
  ],
})

/** The fairest due conversion, taken in one atomic act; the server looks again when another was faster. */
export async function claim(
  at: Collections,
  { name, now, leaseMs }: Parameters<Library['claim']>[0],
): Promise<Conversion | null> {
  const doc = await at.conversions.findOneAndUpdate(
    due(now),
    {
      $set: {
        state: 'running',
        lease: { worker: name, until: now + leaseMs },
        progress: 0,
        failure: null,
        startedAt: now,
      },
      $inc: { attempt: 1, fence: 1 },
    },
    { sort: { turn: 1, createdAt: 1, _id: 1 }, returnDocument: 'after', projection: SHOWN },
  )
  if (!doc) return null
  const running = toConversion(doc)
  // Not in one transaction with the claim, which would cost each of them one: this telling may be lost, the work not.
  await tellWatchers(at, running, now, {}).catch(() => {})
  return running
}
