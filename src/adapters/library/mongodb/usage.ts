import type { StoredFile } from '../../../domain/file.ts'
import { fits, type Quota, quotaExceeded, type Usage } from '../../../domain/usage.ts'
import type { Collections } from './collections.ts'
import type { Transact, Within } from './transaction.ts'

/** What the files of a person take, as it was counted; whoever has never been is counted now. */
export async function usageOf(at: Collections, ownerId: string, within: Within = {}): Promise<Usage> {
  return (await findUsage(at, ownerId, within)) ?? (await sumOf(at, ownerId, within))
}

/** Counts a file that is about to come, in the transaction that brings it: QUOTA_EXCEEDED when it does not fit. */
export async function countIn(
  at: Collections,
  { ownerId, size }: Pick<StoredFile, 'ownerId' | 'size'>,
  within: Within,
  quota: Quota = {},
): Promise<void> {
  if (ownerId === null) return
  const more = { files: 1, bytes: size }
  const room = {
    ...(quota.files === undefined ? {} : { files: { $lt: quota.files } }),
    ...(quota.bytes === undefined ? {} : { bytes: { $lte: quota.bytes - size } }),
  }
  const counted = await at.usage.updateOne({ _id: { $eq: ownerId }, ...room }, { $inc: more }, within)
  if (counted.matchedCount > 0) return
  const used = await usageOf(at, ownerId, within)
  if (!fits(used, more, quota)) throw quotaExceeded(used, quota)
  await at.usage.insertOne({ _id: ownerId, files: used.files + 1, bytes: used.bytes + size }, within)
}

/** Counts a file that is going, in the transaction that has removed it. */
export async function countOut(
  at: Collections,
  { ownerId, size }: Pick<StoredFile, 'ownerId' | 'size'>,
  within: Within,
): Promise<void> {
  if (ownerId === null) return
  const less = { files: -1, bytes: -size }
  const counted = await at.usage.updateOne({ _id: { $eq: ownerId } }, { $inc: less }, within)
  if (counted.matchedCount > 0) return
  await at.usage.insertOne({ _id: ownerId, ...(await sumOf(at, ownerId, within)) }, within)
}

async function findUsage({ usage }: Collections, ownerId: string, within: Within): Promise<Usage | null> {
  const counts = { projection: { _id: 0, files: 1, bytes: 1 }, ...within } as const
  return await usage.findOne<Usage>({ _id: { $eq: ownerId } }, counts)
}

/** Reads all of a person's documents: for a first count and for a recount. */
async function sumOf({ files }: Collections, ownerId: string, within: Within): Promise<Usage> {
  const group = { _id: null, files: { $sum: 1 }, bytes: { $sum: '$size' } }
  const sums = files.aggregate<Usage>([{ $match: { ownerId: { $eq: ownerId } } }, { $group: group }], within)
  const [sum] = await sums.toArray()
  return { files: sum?.files ?? 0, bytes: sum?.bytes ?? 0 }
}

/** Counts everyone anew, each in a transaction; returns for how many the count was wrong. */
export async function recount(at: Collections, transact: Transact): Promise<number> {
  let mended = 0
  const owners = await at.usage.find({}, { projection: { _id: 1 } }).toArray()
  for (const { _id } of owners) if (await recountOne(at, transact, _id)) mended++
  return mended
}

/** A count that was right is not written, and one that is comes into conflict with whoever counts meanwhile. */
async function recountOne(at: Collections, transact: Transact, ownerId: string): Promise<boolean> {
  return await transact(async (within) => {
    const is = await sumOf(at, ownerId, within)
    const { modifiedCount } = await at.usage.updateOne({ _id: { $eq: ownerId } }, { $set: is }, within)
    return modifiedCount > 0
  }, ownerId)
}
