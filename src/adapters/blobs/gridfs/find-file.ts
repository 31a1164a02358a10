import { AppError } from '../../../domain/errors.ts'
import { isId } from '../../../kit/ids.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { Bucket, FileDocument } from './bucket.ts'

/** The file of a key, or null. What others made has no key of ours and is found by its id. */
export async function findFile({ files, ObjectId }: Bucket, key: string): Promise<FileDocument | null> {
  const ours = { 'metadata.key': key }
  if (!isId(key)) return answered(files.findOne(ours))
  return answered(files.findOne({ $or: [ours, theirs(ObjectId, key)] }))
}

/** A file that another program made, by its id, or null. */
export async function findForeignFile({ files, ObjectId }: Bucket, id: string): Promise<FileDocument | null> {
  return answered(files.findOne(theirs(ObjectId, id)))
}

const theirs = (ObjectId: Bucket['ObjectId'], id: string) => ({
  _id: new ObjectId(id),
  'metadata.key': { $exists: false },
})

/** The same; BLOB_NOT_FOUND when there is none. */
export async function needFile(bucket: Bucket, key: string): Promise<FileDocument> {
  const file = await findFile(bucket, key)
  if (file) return file
  throw new AppError('BLOB_NOT_FOUND', undefined, { cause: new Error(`no file of the key ${key}`) })
}
