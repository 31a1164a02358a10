import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { AppError } from '../../../domain/errors.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { Bucket, ChunkDocument, FileDocument } from './bucket.ts'

/** Bytes asked for at once. Each batch is a query of its own: a reader that pauses for an hour holds no cursor. */
const BATCH = 2 * 1024 * 1024

/** Bytes `offset` to `end` of a file; BLOB_CORRUPT where the store has others than were written. */
export function readChunks(bucket: Bucket, file: FileDocument, offset: number, end: number): Readable {
  return Readable.from(bytesOf(bucket, file, offset, Math.min(end, file.length)), { objectMode: false })
}

async function* bytesOf(
  { chunks }: Bucket,
  file: FileDocument,
  offset: number,
  end: number,
): AsyncGenerator<Buffer> {
  const { _id, chunkSize } = file
  const last = Math.ceil(end / chunkSize) - 1
  const atOnce = Math.max(1, Math.floor(BATCH / chunkSize))
  if (offset >= end) return
  for (let next = Math.floor(offset / chunkSize); next <= last; ) {
    const range = { $gte: next, $lte: Math.min(last, next + atOnce - 1) }
    const query = chunks.find({ files_id: _id, n: range }, { promoteBuffers: true }).sort({ n: 1 })
    const batch = await answered(query.toArray())
    if (batch.length === 0) throw corrupt(file, next, 'is missing')
    for (const chunk of batch) {
      const data = checked(file, chunk, next)
      const start = next * chunkSize
      yield data.subarray(Math.max(0, offset - start), Math.min(data.length, end - start))
      next += 1
    }
  }
}

/** The bytes of a chunk that is the one expected, and whole. */
function checked(file: FileDocument, { n, data, crc32: sum }: ChunkDocument, expected: number): Buffer {
  if (n !== expected) throw corrupt(file, expected, 'is missing')
  const length = Math.min(file.chunkSize, file.length - n * file.chunkSize)
  if (data.length !== length) throw corrupt(file, n, `has ${data.length} bytes, not ${length}`)
  if (sum !== undefined && crc32(data) !== sum) throw corrupt(file, n, 'fails its checksum')
  return data
}

const corrupt = (file: FileDocument, n: number, what: string) =>
  new AppError('BLOB_CORRUPT', undefined, { cause: new Error(`chunk ${n} of ${file._id} ${what}`) })
