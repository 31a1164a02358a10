import type { Conversion } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Collections } from './collections.ts'
import { findConversion, SHOWN, toConversion } from './conversions.ts'

/** A turn that was never used is given back: who cancels a hundred does not wait for a hundred turns of others. */
const TURN_OR_BACK = { $cond: [{ $eq: ['$startedAt', null] }, -1, '$turn'] }

/** Ends a queued or running conversion; its worker learns of it when it renews. */
export async function cancel(at: Collections, id: string, now: number): Promise<Conversion> {
  const doc = await at.conversions.findOneAndUpdate(
    { _id: { $eq: id }, state: { $in: ['queued', 'running'] } },
    [{ $set: { state: 'cancelled', lease: null, failure: null, turn: TURN_OR_BACK, endedAt: now } }],
    { returnDocument: 'after', projection: SHOWN },
  )
  if (doc) return toConversion(doc)
  throw new AppError((await findConversion(at, id)) ? 'CONVERSION_ENDED' : 'CONVERSION_NOT_FOUND')
}
