import type { Conversion, State } from '../../../domain/conversion.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Page } from '../../../ports/library.ts'
import type { Collections, ConversionDoc } from './collections.ts'
import type { Within } from './transaction.ts'

/** What is read of a conversion: all but its receipt. */
export const SHOWN = { receipt: 0 } as const

export const toConversion = ({
  _id,
  ownerKey,
  receipt,
  webhook,
  traceparent,
  ...conversion
}: ConversionDoc): Conversion => ({
  id: _id,
  ...conversion,
  webhook: webhook ?? null,
  traceparent: traceparent ?? null,
})

export async function findConversion({ conversions }: Collections, id: string): Promise<Conversion | null> {
  const doc = await conversions.findOne({ _id: { $eq: id } }, { projection: SHOWN })
  return doc && toConversion(doc)
}

/** A conversion that must be there; CONVERSION_NOT_FOUND. */
export async function getDoc(
  { conversions }: Collections,
  id: string,
  within: Within,
): Promise<ConversionDoc> {
  const doc = await conversions.findOne({ _id: { $eq: id } }, within)
  if (!doc) throw new AppError('CONVERSION_NOT_FOUND')
  return doc
}

/** Newest first: an id begins with its time. */
export async function listConversions(
  { conversions }: Collections,
  { limit, cursor, ownerId, state }: Page & { state?: State },
): Promise<readonly Conversion[]> {
  const filter = {
    ...(ownerId === undefined ? {} : { ownerId: { $eq: ownerId } }),
    ...(state === undefined ? {} : { state }),
    ...(cursor === undefined ? {} : { _id: { $lt: cursor } }),
  }
  const page = conversions.find(filter, { projection: SHOWN }).sort({ _id: -1 }).limit(limit)
  return (await page.toArray()).map(toConversion)
}

/** Reads no more of an index than it counts. */
export async function countQueued(
  { conversions }: Collections,
  most: number,
  ownerId?: string | null,
): Promise<number> {
  const whose = ownerId === undefined ? {} : { ownerId: { $eq: ownerId } }
  return conversions.countDocuments({ ...whose, state: 'queued' }, { limit: most })
}

export async function newestConversion(
  { conversions }: Collections,
  sourceId: string,
): Promise<Conversion | null> {
  const newest = { sort: { createdAt: -1, _id: -1 }, projection: SHOWN } as const
  const doc = await conversions.findOne({ sourceId: { $eq: sourceId } }, newest)
  return doc && toConversion(doc)
}

/** The receipt as it was given; null when there is none. */
export async function findReceipt({ conversions }: Collections, id: string): Promise<unknown> {
  const doc = await conversions.findOne({ _id: { $eq: id } }, { projection: { receipt: 1 } })
  return doc?.receipt ? JSON.parse(doc.receipt) : null
}
