import type { FileKind } from '../../domain/file.ts'
import { orphansOf } from './orphans.ts'
import type { UpkeepParts } from './parts.ts'

/** An upload that nobody has touched for so long, milliseconds, is not going on. */
const UNFINISHED_AGE = 24 * 3_600_000

export interface Tidied {
  readonly orphans: number
  readonly unfinished: number
}

/** Removes blobs that are old enough and that no file refers to, and writes that were never finished. */
export async function tidyBlobs(parts: UpkeepParts, kind: FileKind, signal?: AbortSignal): Promise<Tidied> {
  const blobs = parts.blobs[kind]
  let orphans = 0
  for await (const keys of orphansOf(parts, kind)) {
    if (signal?.aborted) break
    for (const key of keys) await blobs.remove(key)
    orphans += keys.length
  }
  return { orphans, unfinished: await blobs.removeUnfinished(parts.now() - UNFINISHED_AGE) }
}
