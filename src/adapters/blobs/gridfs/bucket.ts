import type { Collection, Db, ObjectId } from 'mongodb'

/** A document of `fs.files`, as the GridFS specification has it; its presence is what makes a file visible. */
export interface FileDocument {
  readonly _id: ObjectId
  /** Bytes. */
  readonly length: number
  readonly chunkSize: number
  readonly uploadDate: Date
  readonly filename?: string
  /** Where older drivers put it. */
  readonly contentType?: string
  /** Others put here what they like; only ours has a `key`. */
  readonly metadata?: { readonly key?: string; readonly contentType?: string }
}

/** A document of `fs.chunks`. The checksum is our addition; files of others have none. */
export interface ChunkDocument {
  readonly _id: ObjectId
  readonly files_id: ObjectId
  /** Place in the file, from 0. */
  readonly n: number
  readonly data: Buffer
  readonly crc32?: number
}

/** The bucket `fs` of a database. */
export interface Bucket {
  readonly files: Collection<FileDocument>
  readonly chunks: Collection<ChunkDocument>
  readonly ObjectId: typeof ObjectId
}

/** The index the GridFS specification demands, under the name that every driver gives it. */
export const CHUNKS_INDEX = 'files_id_1_n_1'

/** The bucket `fs` of a database with the indexes it needs, which are made when they are missing. */
export async function openBucket(db: Db): Promise<Bucket> {
  const bucket = await bucketOf(db)
  await bucket.chunks.createIndex({ files_id: 1, n: 1 }, { unique: true, name: CHUNKS_INDEX })
  await bucket.files.createIndex({ 'metadata.key': 1 }, { sparse: true, name: 'soundlift_key' })
  return bucket
}

/** The same as it lies there: nothing is written. */
export async function bucketOf(db: Db): Promise<Bucket> {
  const { ObjectId } = await import('mongodb')
  return { files: db.collection('fs.files'), chunks: db.collection('fs.chunks'), ObjectId }
}
