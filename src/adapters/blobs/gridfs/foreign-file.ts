import type { ForeignFile } from '../../../ports/foreign-files.ts'
import type { Bucket, FileDocument } from './bucket.ts'
import { readChunks } from './read-chunks.ts'

/** A file of another program, by its document. */
export function foreignFile(bucket: Bucket, file: FileDocument): ForeignFile {
  const { _id, length: size, uploadDate, filename, contentType, metadata } = file
  const texts = [metadata?.contentType, contentType].filter((each) => typeof each === 'string')
  return {
    id: _id.toHexString(),
    name: filename || null,
    contentType: texts[0] ?? null,
    size,
    createdAt: Number(uploadDate ?? _id.getTimestamp()),
    read: (length = size) => readChunks(bucket, file, 0, length),
  }
}
