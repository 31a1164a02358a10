import { s3Error } from './s3-error.ts'
import type { S3Store } from './s3-store.ts'

/** Keys of the notes below `folder` that were last written before `before` (milliseconds since the epoch). */
export async function* listNotes(
  { s3, bucket, names }: S3Store,
  folder: string,
  before: number,
): AsyncGenerator<string> {
  let next: string | undefined
  do {
    const from = next === undefined ? {} : { ContinuationToken: next }
    const page = await s3
      .listObjectsV2({ Bucket: bucket, Prefix: folder, ...from })
      .catch((error: unknown) => {
        throw s3Error(error)
      })
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (Key && LastModified && LastModified.getTime() < before) yield names.keyOf(Key, folder)
    }
    next = page.NextContinuationToken
  } while (next !== undefined)
}
