import { listNotes } from './list-notes.ts'
import { answered } from './s3-error.ts'
import type { S3Store } from './s3-store.ts'

/**
 * Aborts the multipart uploads whose notes were last renewed before `before`; returns how many. Uploads of others in
 * the same bucket have no note of ours.
 */
export async function removeUnfinished(store: S3Store, before: number): Promise<number> {
  const { s3, bucket, names } = store
  let removed = 0
  for await (const key of listNotes(store, names.unfinishedOnes, before)) {
    removed += await abortAll(store, names.object(key))
    await answered(s3.deleteObject({ Bucket: bucket, Key: names.unfinished(key) }))
  }
  return removed
}

/** One key has one writer, so one upload; some servers list uploads by the whole name only. */
async function abortAll({ s3, bucket }: S3Store, name: string): Promise<number> {
  const { Uploads = [] } = await answered(s3.listMultipartUploads({ Bucket: bucket, Prefix: name }))
  const found = Uploads.filter(({ Key }) => Key === name)
  for (const { UploadId } of found) {
    await answered(s3.abortMultipartUpload({ Bucket: bucket, Key: name, UploadId }))
  }
  return found.length
}
