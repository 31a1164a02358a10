import { AppError } from '../../../domain/errors.ts'
import { isId } from '../../../kit/ids.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { Bucket, FileDocument } from './bucket.ts'

/** The file of a key, or null. What others made has no key of ours and is found by its id. */
export async function findFile({ files, ObjectId }: Bucket, key: string): Promise<FileDocument | null> {
  const ours = { 'metadata.key': key }
  if (!isId(key)) return answered(files.findOne(ours))
  const theirs = { _id: new ObjectId(key), 'metadata.key': { $exists: false } }
  return answered(files.findOne({ $or: [ours, theirs] }))
}

/** The same; BLOB_NOT_FOUND when there is none. */
export async function needFile(bucket: Bucket, key: string): Promise<FileDocument> {
  const file = await findFile(bucket, key)
  if (file) return file
  throw new AppError('BLOB_NOT_FOUND', undefined, { cause: new Error(`no file of the key ${key}`) })
}
