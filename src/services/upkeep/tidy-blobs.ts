import type { FileKind } from '../../domain/file.ts'
import type { UpkeepParts } from './parts.ts'

const DAY = 24 * 3_600_000
/**
 * A blob is referred to seconds after it was committed, so minutes would do. A day is for the operator: a library
 * that was restored from a backup, or a URL that names the wrong one, must not cost the files before anyone looks.
 */
const ORPHAN_AGE = DAY
/** An upload that nobody has touched for so long is not going on. */
const UNFINISHED_AGE = DAY
const BATCH = 500

export interface Tidied {
  readonly orphans: number
  readonly unfinished: number
}

/** Removes blobs that are old enough and that no file refers to, and writes that were never finished. */
export async function tidyBlobs(parts: UpkeepParts, kind: FileKind, signal?: AbortSignal): Promise<Tidied> {
  const orphans = await removeOrphans(parts, kind, signal)
  const unfinished = await parts.blobs[kind].removeUnfinished(parts.now() - UNFINISHED_AGE)
  return { orphans, unfinished }
}

async function removeOrphans(parts: UpkeepParts, kind: FileKind, signal?: AbortSignal): Promise<number> {
  const before = parts.now() - (parts.settings.orphanAgeMs ?? ORPHAN_AGE)
  let removed = 0
  let batch: string[] = []
  for await (const key of parts.blobs[kind].list(before)) {
    if (signal?.aborted) return removed
    batch.push(key)
    if (batch.length < BATCH) continue
    removed += await removeUnreferenced(parts, kind, batch)
    batch = []
  }
  return removed + (await removeUnreferenced(parts, kind, batch))
}

async function removeUnreferenced(
  { library, blobs }: UpkeepParts,
  kind: FileKind,
  keys: readonly string[],
): Promise<number> {
  if (keys.length === 0) return 0
  const live = await library.referenced(kind, keys)
  const orphans = keys.filter((key) => !live.has(key))
  for (const key of orphans) await blobs[kind].remove(key)
  return orphans.length
}
