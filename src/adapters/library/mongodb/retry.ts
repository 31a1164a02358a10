import { type Conversion, mayBeRetried, STATES } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Collections } from './collections.ts'
import { getDoc, SHOWN, toConversion } from './conversions.ts'
import { holdFile } from './files.ts'
import { AT_ONCE } from './submit.ts'
import type { Transact } from './transaction.ts'
import { nextTurn } from './turn.ts'
import { tellWatchers } from './watchers.ts'

/** Queues a failed or cancelled conversion behind its owner's others. The fence stays: it only ever rises. */
export async function retry(
  at: Collections,
  transact: Transact,
  id: string,
  now: number,
): Promise<Conversion> {
  return await transact(async (within) => {
    const { sourceId, ownerKey } = await getDoc(at, id, within)
    const source = await holdFile(at, sourceId, within)
    const anew = {
      state: 'queued',
      attempt: 0,
      turn: await nextTurn(at, ownerKey, within),
      notBefore: AT_ONCE,
      progress: 0,
      failure: null,
      startedAt: null,
      endedAt: null,
    } as const
    const doc = await at.conversions.findOneAndUpdate(
      { _id: { $eq: id }, state: { $in: STATES.filter(mayBeRetried) } },
      { $set: anew },
      { returnDocument: 'after', projection: SHOWN, ...within },
    )
    if (!doc) throw new AppError('CONVERSION_NOT_RETRYABLE')
    if (!source) throw new AppError('FILE_EXPIRED', 'The source of this conversion was removed.')
    const queued = toConversion(doc)
    await tellWatchers(at, queued, now, within)
    return queued
  })
}
