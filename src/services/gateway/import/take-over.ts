import { AppError, toAppError } from '../../../domain/errors.ts'
import type { Described } from '../../../domain/foreign-file.ts'
import { sha256Of } from '../../../kit/sha256.ts'
import type { Blobs } from '../../../ports/blobs.ts'
import type { ForeignFile } from '../../../ports/foreign-files.ts'
import { receiveStream } from '../upload/receive-stream.ts'

/** Milliseconds the foreign store may pause. */
const PATIENCE = 60_000
/** What is imported is the operator's will. */
const UNBOUNDED = { bytes: Number.POSITIVE_INFINITY, refusal: () => new AppError('FILE_TOO_LARGE') }

/**
 * Sees to it that the bytes of a foreign file lie under its id in our store, where they may lie already; resolves with
 * their SHA-256 in hex. BLOB_CORRUPT.
 */
export async function takeOver(
  file: ForeignFile,
  { name, contentType }: Described,
  blobs: Blobs,
): Promise<string> {
  const { id, size } = file
  const there = await sizeOf(blobs, id)
  if (there === size) {
    const found = await sha256Of(await blobs.read(id))
    demandSize(found.size, size)
    return found.sha256
  }
  if (there !== null) throw new AppError('BLOB_CORRUPT', 'Other bytes lie under this id.')
  const info = { fileId: id, fileName: name, contentType }
  const target = { blobs, key: id, info, room: UNBOUNDED, patience: PATIENCE }
  await using copy = await receiveStream(file.read(), target).catch(readingFailed)
  demandSize(copy.size, size)
  await copy.commit()
  return copy.sha256
}

async function sizeOf(blobs: Blobs, key: string): Promise<number | null> {
  try {
    return await blobs.size(key)
  } catch (error) {
    if (error instanceof AppError && error.code === 'BLOB_NOT_FOUND') return null
    throw error
  }
}

function demandSize(read: number, size: number): void {
  if (read !== size) throw new AppError('BLOB_CORRUPT', `It has ${read} bytes, not ${size}.`)
}

/** To an upload a source that fails is a sender who went away. */
function readingFailed(error: unknown): never {
  if (error instanceof AppError && error.code === 'UPLOAD_ABORTED') throw toAppError(error.cause)
  throw error
}
