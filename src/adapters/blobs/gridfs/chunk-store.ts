import { crc32 } from 'node:zlib'
import { AppError } from '../../../domain/errors.ts'
import type { BlobInfo } from '../../../ports/blobs.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { BlockStore } from '../blocks/block-writer.ts'
import type { Bucket } from './bucket.ts'

/** What every GridFS driver takes by default: a chunk and its document fit into 256 KiB. */
const CHUNK_SIZE = 255 * 1024
/** Chunks that go to the server at once: 2 MiB. */
const CHUNKS_PER_BLOCK = 8

/** Stores one file of GridFS: its chunks, and at the end the document that makes it visible. */
export function createChunkStore(
  { files, chunks, ObjectId }: Bucket,
  key: string,
  info: BlobInfo,
): BlockStore {
  const id = new ObjectId(info.fileId)
  let written = false

  const put = async (index: number, block: Buffer) => {
    written = true
    const documents = cut(block).map((data, place) => ({
      _id: new ObjectId(),
      files_id: id,
      n: index * CHUNKS_PER_BLOCK + place,
      data,
      crc32: crc32(data),
    }))
    if (documents.length > 0) await answered(chunks.insertMany(documents))
  }

  return {
    blockSize: CHUNKS_PER_BLOCK * CHUNK_SIZE,
    put,
    async finish(first, size) {
      await put(0, first)
      // A sweep may have taken chunks of a writer that was silent for too long.
      const stored = await answered(chunks.countDocuments({ files_id: id }))
      if (stored !== Math.ceil(size / CHUNK_SIZE)) {
        throw new AppError(
          'SERVICE_UNAVAILABLE',
          'the store lost a part of this while it was being written',
          {
            cause: new Error(`${stored} chunks for ${size} bytes of ${key}`),
          },
        )
      }
      await answered(
        files.insertOne({
          _id: id,
          length: size,
          chunkSize: CHUNK_SIZE,
          uploadDate: new Date(),
          filename: info.fileName,
          metadata: { contentType: info.contentType, key },
        }),
      )
    },
    async discard() {
      if (!written) return
      await answered(files.deleteOne({ _id: id }))
      await answered(chunks.deleteMany({ files_id: id }))
    },
  }
}

function cut(block: Buffer): Buffer[] {
  const count = Math.ceil(block.length / CHUNK_SIZE)
  return Array.from({ length: count }, (_, place) =>
    block.subarray(place * CHUNK_SIZE, (place + 1) * CHUNK_SIZE),
  )
}
