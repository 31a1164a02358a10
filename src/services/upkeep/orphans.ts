import type { FileKind } from '../../domain/file.ts'
import type { UpkeepParts } from './parts.ts'

/**
 * A blob is referred to seconds after it was committed, so minutes would do. A day is for the operator: a library
 * that was restored from a backup, or a URL that names the wrong one, must not cost the files before anyone looks.
 */
const ORPHAN_AGE = 24 * 3_600_000
const BATCH = 500

/** The keys of blobs that are old enough and that no file refers to, in batches. */
export async function* orphansOf(
  { library, blobs, settings, now }: UpkeepParts,
  kind: FileKind,
): AsyncGenerator<readonly string[]> {
  const orphansAmong = async (keys: readonly string[]) => {
    const live = await library.referenced(kind, keys)
    return keys.filter((key) => !live.has(key))
  }
  let batch: string[] = []
  for await (const key of blobs[kind].list(now() - (settings.orphanAgeMs ?? ORPHAN_AGE))) {
    batch.push(key)
    if (batch.length < BATCH) continue
    yield await orphansAmong(batch)
    batch = []
  }
  if (batch.length > 0) yield await orphansAmong(batch)
}

export async function countOrphans(parts: UpkeepParts, kind: FileKind): Promise<number> {
  let count = 0
  for await (const keys of orphansOf(parts, kind)) count += keys.length
  return count
}
