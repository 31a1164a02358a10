import type { FileKind } from '../../domain/file.ts'
import type { UpkeepParts } from './parts.ts'

/**
 * A blob is referred to seconds after it was committed, so minutes would do. A day is for the operator: what came after
 * the backup that a library was restored from must not be gone before anyone looks.
 */
const ORPHAN_AGE = 24 * 3_600_000
const BATCH = 500

/**
 * The keys of blobs that are old enough and that no file refers to, in batches. None where the library knows no file at
 * all: then its URL is more likely to be wrong than every blob an orphan.
 */
export async function* orphansOf(
  { library, blobs, settings, now }: UpkeepParts,
  kind: FileKind,
): AsyncGenerator<readonly string[]> {
  const orphansAmong = async (keys: readonly string[]) => {
    const live = await library.referenced(kind, keys)
    return keys.filter((key) => !live.has(key))
  }
  if ((await library.files({ kind, limit: 1 })).length === 0) return
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
