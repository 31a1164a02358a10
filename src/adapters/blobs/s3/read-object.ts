import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../domain/errors.ts'
import { factsOf, s3Error } from './s3-error.ts'
import type { S3Store } from './s3-store.ts'

/** How often in a row a broken download is taken up again without a byte in between. */
const PATIENCE = 3
const PAUSE = 250

interface Span {
  readonly offset: number
  /** Undefined: to the end. */
  readonly end: number | undefined
}

/**
 * The bytes of an object from `offset` to before `end`, which lies behind it; BLOB_NOT_FOUND before the first byte. A
 * connection that breaks, or that the server closes while nobody reads, is taken up again where it was. What is read
 * whole and in one go is checked against the checksum it was stored with: BLOB_CORRUPT.
 */
export async function readObject(store: S3Store, key: string, span: Span): Promise<Readable> {
  let current = await request(store, key, span)
  let closed = false
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let at = span.offset
    for (let failures = 0; ; failures++) {
      try {
        for await (const chunk of current) {
          const part: Uint8Array = chunk
          at += part.length
          failures = 0
          yield part
        }
        return
      } catch (error) {
        if (closed) return
        if (isMismatch(error)) throw new AppError('BLOB_CORRUPT', undefined, { cause: error })
        if (failures === PATIENCE) throw new AppError('SERVICE_UNAVAILABLE', undefined, { cause: error })
      }
      await delay(PAUSE * 2 ** failures * Math.random())
      if (at === span.end) return
      current = await request(store, key, { ...span, offset: at })
    }
  }
  const parts = bytes()
  return new Readable({
    read() {
      parts.next().then(
        ({ value, done }) => this.push(done ? null : value),
        (error: unknown) => this.destroy(s3Error(error)),
      )
    },
    destroy(error, done) {
      closed = true
      current.destroy() // gives the connection back, also when nobody ever read
      done(error)
    },
  })
}

async function request(
  { s3, bucket, names }: S3Store,
  key: string,
  { offset, end }: Span,
): Promise<Readable> {
  const range =
    offset > 0 || end !== undefined ? { Range: `bytes=${offset}-${end === undefined ? '' : end - 1}` } : {}
  try {
    const { Body } = await s3.getObject({ Bucket: bucket, Key: names.object(key), ...range })
    if (Body instanceof Readable) return Body
    throw new Error('the answer has no body')
  } catch (error) {
    if (factsOf(error).status === 416) return Readable.from([]) // nothing lies there
    throw s3Error(error)
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Checksum mismatch')
}
