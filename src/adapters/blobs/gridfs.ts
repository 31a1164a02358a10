import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import { answered, mongoError } from '../mongo/mongo-error.ts'
import { openMongo } from '../mongo/open-mongo.ts'
import { createBlockWriter } from './blocks/block-writer.ts'
import { type Bucket, openBucket } from './gridfs/bucket.ts'
import { createChunkStore } from './gridfs/chunk-store.ts'
import { findFile, findForeignFile, needFile } from './gridfs/find-file.ts'
import { foreignFile } from './gridfs/foreign-file.ts'
import { readChunks } from './gridfs/read-chunks.ts'
import { removeOrphans } from './gridfs/remove-orphans.ts'

export interface GridfsSettings {
  /** `mongodb:` or `mongodb+srv:`; a standalone server will do. */
  readonly url: string
  /** The database of the bucket, whatever the URL names. */
  readonly database: string
  readonly logger: Logger
  /** Milliseconds to wait at open for a server that is still starting. */
  readonly patience?: number | undefined
}

const LIST_AT_ONCE = 1_000

/**
 * Blobs as files of GridFS, in the bucket `fs` of a database, where other programs find them: the id is the file's
 * own. Files of others are read by their id as the key, and are never listed, so that no sweep takes them for ours.
 * Waits for the server. CONFIG_INVALID, SERVICE_UNAVAILABLE.
 */
export async function openGridfs({ url, database, logger, patience }: GridfsSettings): Promise<Blobs> {
  const client = await openMongo({ url, logger, patience })
  const db = client.db(database)
  const bucket = await openBucket(db).catch(async (error: unknown) => {
    await client.close()
    throw mongoError(error)
  })
  return {
    create: async (key, info) => createBlockWriter(createChunkStore(bucket, key, info)),
    size: async (key) => (await needFile(bucket, key)).length,
    async read(key, range) {
      const file = await needFile(bucket, key)
      const offset = range?.offset ?? 0
      return readChunks(bucket, file, offset, range ? offset + range.length : file.length)
    },
    foreignFile: async (id) => {
      const file = await findForeignFile(bucket, id)
      return file && foreignFile(bucket, file)
    },
    remove: (key) => remove(bucket, key),
    list: (before) => list(bucket, before),
    removeUnfinished: (before) => answered(removeOrphans(bucket, before)),
    async ping() {
      await answered(db.command({ ping: 1 }))
    },
    close: () => client.close(),
  }
}

/** Invisible first: when this is cut short, the sweep takes the chunks. */
async function remove(bucket: Bucket, key: string): Promise<void> {
  const file = await findFile(bucket, key)
  if (!file) return
  await answered(bucket.files.deleteOne({ _id: file._id }))
  await answered(bucket.chunks.deleteMany({ files_id: file._id }))
}

async function* list({ files }: Bucket, before: number): AsyncGenerator<string> {
  const ours = { 'metadata.key': { $exists: true }, uploadDate: { $lt: new Date(before) } }
  const found = files.find(ours, { projection: { 'metadata.key': 1 }, batchSize: LIST_AT_ONCE })
  try {
    for await (const { metadata } of found) if (typeof metadata?.key === 'string') yield metadata.key
  } catch (error) {
    throw mongoError(error)
  }
}
