import type { CompletedPart } from '@aws-sdk/client-s3'
import { AppError } from '../../../domain/errors.ts'
import type { BlobInfo } from '../../../ports/blobs.ts'
import type { BlockStore } from '../blocks/block-writer.ts'
import { answered } from './s3-error.ts'
import type { S3Store } from './s3-store.ts'

/** At least 5 MiB; three of them are in memory per upload. */
const PART_SIZE = 8 * 1024 * 1024
/** S3's own limit; with parts of that size 78 GiB. */
const MOST_PARTS = 10_000
/** How often the note of a running upload is renewed, milliseconds: the sweep spares what is younger than a day. */
const RENEW = 3_600_000
const ChecksumAlgorithm = 'CRC32'

/**
 * Stores one object: in one request when it fits into a part, else by a multipart upload. A note beside it says from
 * the first part on that it is unfinished, another from the end on that it is ours.
 */
export function createObjectStore(store: S3Store, key: string, info: BlobInfo): BlockStore {
  const { s3, bucket, names } = store
  const object = { Bucket: bucket, Key: names.object(key) }
  const about = { ContentType: info.contentType, Metadata: { 'file-id': info.fileId } }
  const parts: CompletedPart[] = []
  let uploadId: string | undefined
  let renewed = 0
  let finishing = false

  const note = (name: string) => s3.putObject({ Bucket: bucket, Key: name, ContentLength: 0 })
  const renew = async () => {
    if (Date.now() - renewed < RENEW) return
    await note(names.unfinished(key))
    renewed = Date.now()
  }
  /** Checksums of the parts become one of the whole object, which the SDK checks when all of it is read. */
  const begin = async () => {
    const checksum = { ChecksumAlgorithm, ChecksumType: 'FULL_OBJECT' } as const
    const { UploadId } = await s3.createMultipartUpload({ ...object, ...about, ...checksum })
    return UploadId
  }
  const putPart = async (index: number, block: Buffer) => {
    const part = { UploadId: uploadId, PartNumber: index + 1, Body: block, ChecksumAlgorithm } as const
    const { ETag, ChecksumCRC32 } = await s3.uploadPart({ ...object, ...part })
    parts[index] = { PartNumber: part.PartNumber, ETag, ChecksumCRC32 }
  }

  return {
    blockSize: PART_SIZE,
    async put(index, block) {
      if (index >= MOST_PARTS) throw new AppError('FILE_TOO_LARGE', 'S3 takes no more than 78 GiB by parts')
      await answered(renew())
      uploadId ??= await answered(begin())
      await answered(putPart(index, block))
    },
    async finish(first) {
      finishing = true
      if (uploadId) await answered(putPart(0, first))
      await answered(note(names.entry(key)))
      if (!uploadId) {
        const body = { Body: first, ContentLength: first.length, ChecksumAlgorithm } as const
        await answered(s3.putObject({ ...object, ...about, ...body }))
        return
      }
      const whole = { UploadId: uploadId, MultipartUpload: { Parts: parts } }
      await answered(s3.completeMultipartUpload({ ...object, ...whole }))
      await s3.deleteObject({ Bucket: bucket, Key: names.unfinished(key) }).catch(() => {}) // the sweep takes it
    },
    /** A failed `finish` may still take effect later: the entry stays, so that the sweep finds it. */
    async discard() {
      if (finishing) await answered(s3.deleteObject(object))
      if (renewed === 0) return
      if (uploadId) await answered(s3.abortMultipartUpload({ ...object, UploadId: uploadId }))
      await answered(s3.deleteObject({ Bucket: bucket, Key: names.unfinished(key) }))
    },
  }
}
