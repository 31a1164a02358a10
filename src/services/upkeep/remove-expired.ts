import { toAppError } from '../../domain/errors.ts'
import type { StoredFile } from '../../domain/file.ts'
import { type BatchOptions, inBatches } from '../../kit/in-batches.ts'
import type { UpkeepParts } from './parts.ts'

const BATCH = 500

type Parts = Pick<UpkeepParts, 'library' | 'blobs' | 'now'>

export interface Removed {
  readonly files: number
  readonly bytes: number
}

/** Removes files whose time is over: the row first, so that nobody finds a file without bytes. */
export async function removeExpired(parts: Parts, options?: BatchOptions): Promise<Removed> {
  let bytes = 0
  const files = await inBatches(async () => {
    let removed = 0
    for (const file of await parts.library.expired(parts.now(), BATCH)) {
      if (options?.signal?.aborted || !(await remove(parts, file))) continue
      removed += 1
      bytes += file.size
    }
    return removed
  }, options)
  return { files, bytes }
}

/** False when another was faster, or a conversion has come to need it. */
async function remove({ library, blobs, now }: Parts, { id, kind, blobKey }: StoredFile): Promise<boolean> {
  try {
    await library.removeFile(id, now())
  } catch (error) {
    if (['FILE_NOT_FOUND', 'FILE_IN_USE'].includes(toAppError(error).code)) return false
    throw error
  }
  await blobs[kind].remove(blobKey)
  return true
}
