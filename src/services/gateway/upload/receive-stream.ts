import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AppError } from '../../../domain/errors.ts'
import { formatSize } from '../../../kit/units.ts'
import type { BlobInfo, Blobs, BlobWriter } from '../../../ports/blobs.ts'
import { paced } from './paced.ts'
import type { Room } from './room.ts'

/** Where a stream goes, and what it may cost. */
export interface Target {
  readonly blobs: Blobs
  readonly key: string
  readonly info: BlobInfo
  readonly room: Room
  /** Milliseconds without progress. */
  readonly patience: number
}

/** An upload whose bytes are all there but not yet visible. Leaving its scope without `commit` removes them. */
export interface Received extends AsyncDisposable, BlobInfo {
  readonly blobKey: string
  readonly size: number
  readonly sha256: string
  commit(): Promise<void>
}

/** Writes a stream to the blob store, hashing and counting. What its room says, UPLOAD_STALLED, UPLOAD_ABORTED; then nothing stays. */
export async function receiveStream(stream: Readable, target: Target): Promise<Received> {
  const { blobs, key, info, room, patience } = target
  const writer = await blobs.create(key, info)
  try {
    const { size, sha256 } = await copy(paced(stream, patience), writer, room)
    return { ...info, blobKey: key, size, sha256, ...committable(writer) }
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function committable(writer: BlobWriter) {
  let committed = false
  return {
    async commit() {
      await writer.commit()
      committed = true
    },
    async [Symbol.asyncDispose]() {
      if (!committed) await writer.abort()
    },
  }
}

/** Bytes that go to the store at once: a trip to it costs more than what a socket gives in one chunk. */
const BLOCK = 512 * 1024

/**
 * While one block is being written the next one is received and hashed. The two blocks are used again and again: a
 * new one for each would wait for the collector, and 2 GB would cost a hundred MB of memory.
 */
async function copy(chunks: AsyncIterable<Uint8Array>, writer: BlobWriter, room: Room) {
  const hash = createHash('sha256')
  let [block, other] = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)]
  let filled = 0
  let size = 0
  let writing = Promise.resolve()
  const flush = async () => {
    await writing
    writing = writer.write(block.subarray(0, filled))
    writing.catch(() => {}) // told where it is awaited
    ;[block, other, filled] = [other, block, 0]
  }
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > room.bytes) throw room.refusal()
      hash.update(chunk)
      for (let done = 0; done < chunk.length; ) {
        const part = chunk.subarray(done, done + BLOCK - filled)
        block.set(part, filled)
        filled += part.length
        done += part.length
        if (filled === BLOCK) await flush()
      }
    }
    if (filled > 0) await flush()
  } catch (error) {
    await writing.catch(() => {})
    throw error
  }
  await writing
  return { size, sha256: hash.digest('hex') }
}

/** FILE_TOO_LARGE with the limit in its sentence. */
export function tooLarge(limit: number): AppError {
  return new AppError('FILE_TOO_LARGE', `File too large. Max ${formatSize(limit).replace(' ', '')}`)
}
