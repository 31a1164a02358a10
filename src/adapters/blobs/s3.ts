import { Readable } from 'node:stream'
import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import { createBlockWriter } from './blocks/block-writer.ts'
import { connect } from './s3/connect.ts'
import { demandBucket } from './s3/demand-bucket.ts'
import { listNotes } from './s3/list-notes.ts'
import { namesOf } from './s3/names.ts'
import { createObjectStore } from './s3/object-store.ts'
import { readObject } from './s3/read-object.ts'
import { removeUnfinished } from './s3/remove-unfinished.ts'
import { answered } from './s3/s3-error.ts'
import { parseS3Url } from './s3/s3-place.ts'
import type { S3Store } from './s3/s3-store.ts'
import { openLinkSigner } from './s3/sign-link.ts'

export interface S3Settings {
  /** `s3://[KEY:SECRET@]bucket/prefix?endpoint=&publicEndpoint=&region=&pathStyle=`. */
  readonly url: string
  /** Which of the blobs in the bucket are meant: each kind lists its own only. */
  readonly kind: string
  readonly logger: Logger
  /** Milliseconds to wait at open for a server that is still starting. */
  readonly patience?: number | undefined
}

/**
 * Blobs as private objects of S3, each under exactly its key below the prefix. Beside them, below `.soundlift/`, lie
 * empty objects that say which are ours and of which kind: nothing else in the bucket is ever listed or swept. Makes
 * a missing bucket. Hands out links unless only an inner endpoint is known. CONFIG_INVALID, SERVICE_UNAVAILABLE.
 */
export async function openS3({ url, kind, logger, patience }: S3Settings): Promise<Blobs> {
  const place = parseS3Url(url)
  const { bucket, prefix, endpoint, publicEndpoint } = place
  const s3 = await connect(place)
  const store: S3Store = { s3, bucket, names: namesOf(prefix, kind) }
  await demandBucket(s3, place, { logger, patience }).catch((error: unknown) => {
    s3.destroy()
    throw error
  })
  const signer = !endpoint || publicEndpoint ? await openLinkSigner(place, store) : undefined
  return {
    create: async (key, info) => createBlockWriter(createObjectStore(store, key, info)),
    size: (key) => size(store, key),
    async read(key, range) {
      const { offset, length } = range ?? { offset: 0, length: undefined }
      if (length !== 0) return readObject(store, key, { offset, end: length && offset + length })
      await size(store, key) // S3 knows no empty ranges
      return Readable.from([])
    },
    remove: (key) => remove(store, key),
    list: (before) => listNotes(store, store.names.entries, before),
    removeUnfinished: (before) => removeUnfinished(store, before),
    ...(signer && { signedUrl: signer.signedUrl }),
    async ping() {
      await answered(s3.headBucket({ Bucket: bucket }))
    },
    async close() {
      signer?.close()
      s3.destroy()
    },
  }
}

async function size({ s3, bucket, names }: S3Store, key: string): Promise<number> {
  const { ContentLength } = await answered(s3.headObject({ Bucket: bucket, Key: names.object(key) }))
  return ContentLength ?? 0
}

/** The entry goes last: when this is cut short, the sweep finds the rest by it. */
async function remove({ s3, bucket, names }: S3Store, key: string): Promise<void> {
  await answered(s3.deleteObject({ Bucket: bucket, Key: names.object(key) }))
  await answered(s3.deleteObject({ Bucket: bucket, Key: names.entry(key) }))
}
