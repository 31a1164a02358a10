import { AppError } from '../../../domain/errors.ts'
import type { FileKind, FormerFile, StoredFile } from '../../../domain/file.ts'
import type { Quota } from '../../../domain/usage.ts'
import type { Page } from '../../../ports/library.ts'
import { CONVERSIONS, type Collections, type FileDoc } from './collections.ts'
import type { Transact, Within } from './transaction.ts'
import { countIn, countOut } from './usage.ts'

const toFile = ({ _id, held, ...file }: FileDoc): StoredFile => ({ id: _id, ...file })

/** Writes a file and counts it: QUOTA_EXCEEDED when it does not fit. */
export async function insertFile(
  at: Collections,
  file: StoredFile,
  within: Within,
  quota?: Quota,
): Promise<void> {
  await countIn(at, file, within, quota)
  const { id, ...rest } = file
  await at.files.insertOne({ _id: id, ...rest, held: 0 }, within)
}

export async function findFile({ files }: Collections, id: string): Promise<StoredFile | null> {
  const doc = await files.findOne({ _id: { $eq: id } })
  return doc && toFile(doc)
}

/** Newest first: an id begins with its time. */
export async function listFiles(
  { files }: Collections,
  { limit, cursor, ownerId, kind }: Page & { kind?: FileKind },
): Promise<readonly StoredFile[]> {
  const filter = {
    ...(ownerId === undefined ? {} : { ownerId: { $eq: ownerId } }),
    ...(kind === undefined ? {} : { kind }),
    ...(cursor === undefined ? {} : { _id: { $lt: cursor } }),
  }
  return (await files.find(filter).sort({ _id: -1 }).limit(limit).toArray()).map(toFile)
}

export async function newestResult({ files }: Collections, sourceId: string): Promise<StoredFile | null> {
  const results = { derivedFrom: { $eq: sourceId }, kind: 'result' as const }
  const doc = await files.findOne(results, { sort: { createdAt: -1, _id: -1 } })
  return doc && toFile(doc)
}

/**
 * A file that can not be removed before this transaction ends; null when it is gone. It must be a real write: one that
 * changes nothing comes into conflict with nothing.
 */
export async function holdFile(
  { files }: Collections,
  id: string,
  within: Within,
): Promise<StoredFile | null> {
  const doc = await files.findOneAndUpdate({ _id: { $eq: id } }, { $inc: { held: 1 } }, within)
  return doc && toFile(doc)
}

/** Removes a file that no queued or running conversion needs; it is remembered when it has expired. */
export async function removeFile(
  at: Collections,
  transact: Transact,
  id: string,
  expiredAt?: number,
): Promise<StoredFile> {
  return await transact(async (within) => {
    const doc = await at.files.findOneAndDelete({ _id: { $eq: id } }, within)
    if (!doc) throw new AppError('FILE_NOT_FOUND')
    if (await isInUse(at, id, within)) throw new AppError('FILE_IN_USE')
    await countOut(at, doc, within)
    if (expiredAt !== undefined) {
      const former = { ownerId: doc.ownerId, expiredAt }
      // Imported again under its id, a file can expire twice.
      await at.formerFiles.replaceOne({ _id: { $eq: id } }, former, { upsert: true, ...within })
    }
    return toFile(doc)
  })
}

export async function findFormerFile({ formerFiles }: Collections, id: string): Promise<FormerFile | null> {
  const doc = await formerFiles.findOne({ _id: { $eq: id } })
  return doc && { id: doc._id, ownerId: doc.ownerId, expiredAt: doc.expiredAt }
}

async function isInUse({ conversions }: Collections, id: string, within: Within): Promise<boolean> {
  const live = { sourceId: { $eq: id }, state: { $in: ['queued', 'running'] as const } }
  return (await conversions.findOne(live, { projection: { _id: 1 }, ...within })) !== null
}

/** Files whose time is over, the longest first, without those a queued or running conversion needs. */
export async function expired(
  { files }: Collections,
  now: number,
  limit: number,
): Promise<readonly StoredFile[]> {
  const idle = files.aggregate<FileDoc>([...idleAt(now), { $limit: limit }, { $unset: 'users' }])
  return (await idle.toArray()).map(toFile)
}

/** Stages that lead to expired files which no queued or running conversion needs. */
export function idleAt(now: number) {
  const live = {
    from: CONVERSIONS,
    localField: '_id',
    foreignField: 'sourceId',
    pipeline: [{ $match: { state: { $in: ['queued', 'running'] } } }, { $limit: 1 }],
    as: 'users',
  }
  return [
    { $match: { expiresAt: { $ne: null, $lte: now } } },
    { $sort: { expiresAt: 1 } },
    { $lookup: live },
    { $match: { users: [] } },
  ]
}

export async function referenced(
  { files }: Collections,
  kind: FileKind,
  blobKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const referring = files.find({ kind, blobKey: { $in: blobKeys } }, { projection: { blobKey: 1 } })
  return new Set(await referring.map((doc) => doc.blobKey).toArray())
}
