import type { ObjectId } from 'mongodb'
import type { Bucket } from './bucket.ts'
import { CHUNKS_INDEX } from './bucket.ts'

const BATCH = 1_000

/**
 * Removes chunks whose file has no document, of us or of others, unless one was written since `before`; returns of
 * how many files. Costs one look into the index per file, none into the bytes.
 */
export async function removeOrphans(bucket: Bucket, before: number): Promise<number> {
  let removed = 0
  let ids: ObjectId[] = []
  const found = bucket.chunks.aggregate<{ _id: ObjectId }>(
    [{ $sort: { files_id: 1 } }, { $group: { _id: '$files_id' } }],
    { hint: CHUNKS_INDEX, batchSize: BATCH },
  )
  for await (const { _id } of found) {
    ids.push(_id)
    if (ids.length < BATCH) continue
    removed += await removeThose(bucket, ids, before)
    ids = []
  }
  return removed + (await removeThose(bucket, ids, before))
}

async function removeThose(bucket: Bucket, ids: readonly ObjectId[], before: number): Promise<number> {
  let removed = 0
  for (const id of await withoutFile(bucket, ids)) {
    if ((await touchedAt(bucket, id)) >= before) continue
    await bucket.chunks.deleteMany({ files_id: id })
    removed += 1
  }
  return removed
}

async function withoutFile({ files }: Bucket, ids: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  const there = await files.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray()
  const known = new Set(there.map(({ _id }) => String(_id)))
  return ids.filter((id) => !known.has(String(id)))
}

/**
 * When a chunk was last written, by the time in its own id. The last chunk is the newest, or the first, which is
 * written at commit.
 */
async function touchedAt({ chunks, ObjectId }: Bucket, id: ObjectId): Promise<number> {
  let newest = 0
  for (const direction of [1, -1] as const) {
    const options = { sort: { n: direction }, projection: { _id: 1 } }
    const chunk = await chunks.findOne({ files_id: id }, options)
    // Ids that others made otherwise tell no time: such chunks stay.
    if (chunk && !(chunk._id instanceof ObjectId)) return Number.POSITIVE_INFINITY
    newest = Math.max(newest, chunk?._id.getTimestamp().getTime() ?? 0)
  }
  return newest
}
