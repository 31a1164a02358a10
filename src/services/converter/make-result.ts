import type { Conversion } from '../../domain/conversion.ts'
import { AppError } from '../../domain/errors.ts'
import { renamed, type StoredFile } from '../../domain/file.ts'
import { formatOf } from '../../domain/format.ts'
import { newId } from '../../kit/ids.ts'
import { createPassingHash, type PassingHash, sha256Of } from '../../kit/sha256.ts'
import type { Receipt } from '../../media/receipt.ts'
import type { ByteSource } from '../../media/source/byte-source.ts'
import { createRangeSource } from '../../media/source/range-source.ts'
import type { Blobs, BlobWriter } from '../../ports/blobs.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { ConverterParts } from './parts.ts'

/** Lower-case hex. */
interface Checksums {
  readonly source: { readonly sha256: string }
  readonly result: { readonly sha256: string }
}

export interface MadeResult {
  readonly file: StoredFile
  readonly receipt: Receipt & Checksums
}

type Moved = Heartbeat['moved']

export interface MakeOptions {
  readonly signal: AbortSignal
  readonly moved: Moved
  /** The media's work is done. */
  readonly converted: () => void
  /** May packets be copied? */
  readonly mayCopy: boolean
}

/**
 * Makes and stores the result of one attempt, under an id of its own: two attempts never write to the same blob.
 * When it fails, nothing is left. The source's own checksum is checked where all of it is read on the way; to read on
 * for that alone would cost more than most conversions, which read little but the sound.
 */
export async function makeResult(
  parts: ConverterParts,
  conversion: Conversion,
  { signal, moved, converted, mayCopy }: MakeOptions,
): Promise<MadeResult> {
  const source = await parts.library.file(conversion.sourceId)
  if (!source) throw new AppError('FILE_NOT_FOUND', 'The source was removed.')
  const shape = shapeOf(conversion, source, parts.now(), parts.settings.retention ?? null)
  const blobs = parts.blobs.result
  const writer = await blobs.create(shape.blobKey, {
    fileId: shape.id,
    fileName: shape.name,
    contentType: shape.contentType,
  })
  const passing = createPassingHash()
  const bytes = hashing(openSource(parts.blobs.source, source, moved), passing)
  try {
    const { limits } = parts.settings
    const receipt = await parts.convert(bytes, conversion.wish, counted(writer, moved), {
      limits,
      signal,
      mayCopy,
      cores: parts.cores,
      onProgress: moved,
    })
    converted()
    refuseOthers(passing, source)
    const size = await writer.commit()
    const sha256 = await readBack(blobs, shape.blobKey, size, moved)
    return {
      file: { ...shape, size, sha256, duration: receipt.result.duration },
      receipt: withChecksums(receipt, source.sha256, sha256),
    }
  } catch (error) {
    await Promise.allSettled([writer.abort(), blobs.remove(shape.blobKey)]) // what stays is tidied later
    throw error
  } finally {
    await bytes.close()
  }
}

const withChecksums = (receipt: Receipt, source: string, result: string): Receipt & Checksums => ({
  ...receipt,
  source: { ...receipt.source, sha256: source },
  result: { ...receipt.result, sha256: result },
})

type Shape = Omit<StoredFile, 'size' | 'sha256' | 'duration'>

function shapeOf(conversion: Conversion, source: StoredFile, now: number, retention: number | null): Shape {
  const format = formatOf(conversion.wish.format)
  const id = newId(now)
  return {
    id,
    ownerId: conversion.ownerId,
    kind: 'result',
    name: renamed(source.name, format.extension),
    contentType: format.contentType,
    blobKey: id,
    format: conversion.wish.format,
    derivedFrom: source.id,
    createdAt: now,
    expiresAt: retention === null ? null : now + retention,
  }
}

/** Reading on counts as moving; reading the same bytes again and again does not. */
function openSource(blobs: Blobs, source: StoredFile, moved: Moved): ByteSource {
  let furthest = 0
  return createRangeSource({
    size: source.size,
    gap: blobs.gap,
    async read(range) {
      const stream = await blobs.read(source.blobKey, range)
      const end = range.offset + range.length
      if (end > furthest) moved()
      furthest = Math.max(furthest, end)
      return stream
    },
  })
}

const hashing = (source: ByteSource, passing: PassingHash): ByteSource => ({
  ...source,
  async read(offset, length, spare) {
    const bytes = await source.read(offset, length, spare)
    passing.add(offset, bytes)
    return bytes
  },
})

/** Where all of the source was read on the way: BLOB_CORRUPT when these were not the bytes that were uploaded. */
function refuseOthers(passing: PassingHash, { size, sha256 }: StoredFile): void {
  const read = passing.digest(size)
  if (read !== null && read !== sha256) throw new AppError('BLOB_CORRUPT')
}

function counted(writer: BlobWriter, moved: Moved): Pick<BlobWriter, 'write' | 'patch'> {
  return {
    async write(bytes) {
      await writer.write(bytes)
      moved()
    },
    patch: (offset, bytes) => writer.patch(offset, bytes),
  }
}

/** The SHA-256 of a blob as it lies in the store, which also shows that the store has all of it. */
async function readBack(blobs: Blobs, key: string, size: number, moved: Moved): Promise<string> {
  const read = await sha256Of(await blobs.read(key), moved)
  if (read.size === size) return read.sha256
  const cause = new Error(`${read.size} bytes read back of ${size}`)
  throw new AppError('RESULT_INVALID', undefined, { cause })
}
