import type { FileKind } from '../../domain/file.ts'
import type { ConverterParts } from './parts.ts'

const DAY = 24 * 3_600_000
/**
 * A blob is referred to seconds after it was committed, so minutes would do. A day is for the operator: a library
 * that was restored from a backup, or a URL that names the wrong one, must not cost the files before anyone looks.
 */
const ORPHAN_AGE = DAY
/** An upload that nobody has touched for so long is not going on. */
const UNFINISHED_AGE = DAY
const BATCH = 500

/** Ends conversions whose last worker went away: nobody claims these any more. */
export async function sweepExhausted({ library, logger, now }: ConverterParts): Promise<void> {
  try {
    const count = await library.failExhausted(now())
    if (count > 0) logger.warn({ count }, 'conversions failed: their workers went away')
  } catch (error) {
    logger.warn({ err: error }, 'the library can not be swept now')
  }
}

/** Removes files whose time is over: the row first, so that nobody finds a file without bytes. */
export async function removeExpired({ library, blobs, now, logger }: ConverterParts): Promise<void> {
  try {
    const files = await library.expired(now(), BATCH)
    for (const { id, kind } of files) {
      const { blobKey } = await library.removeFile(id)
      await blobs[kind].remove(blobKey)
    }
    if (files.length > 0) logger.info({ count: files.length }, 'files removed: their time was over')
  } catch (error) {
    logger.warn({ err: error }, 'expired files can not be removed now')
  }
}

/** Removes blobs that are old enough and that no file refers to, and writes that were never finished. */
export async function tidyBlobs(parts: ConverterParts, signal: AbortSignal): Promise<void> {
  for (const kind of ['source', 'result'] as const) {
    try {
      const orphans = await removeOrphans(parts, kind, signal)
      const unfinished = await parts.blobs[kind].removeUnfinished(parts.now() - UNFINISHED_AGE)
      if (orphans + unfinished > 0) parts.logger.info({ kind, orphans, unfinished }, 'blobs tidied')
    } catch (error) {
      parts.logger.warn({ err: error, kind }, 'blobs can not be tidied now')
    }
  }
}

async function removeOrphans(parts: ConverterParts, kind: FileKind, signal: AbortSignal): Promise<number> {
  const before = parts.now() - (parts.settings.orphanAgeMs ?? ORPHAN_AGE)
  let removed = 0
  let batch: string[] = []
  for await (const key of parts.blobs[kind].list(before)) {
    if (signal.aborted) return removed
    batch.push(key)
    if (batch.length < BATCH) continue
    removed += await removeUnreferenced(parts, kind, batch)
    batch = []
  }
  return removed + (await removeUnreferenced(parts, kind, batch))
}

async function removeUnreferenced(
  { library, blobs }: ConverterParts,
  kind: FileKind,
  keys: readonly string[],
): Promise<number> {
  if (keys.length === 0) return 0
  const live = await library.referenced(kind, keys)
  const orphans = keys.filter((key) => !live.has(key))
  for (const key of orphans) await blobs[kind].remove(key)
  return orphans.length
}
