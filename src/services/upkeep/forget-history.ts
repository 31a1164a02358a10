import { type BatchOptions, inBatches } from '../../kit/in-batches.ts'
import type { UpkeepParts } from './parts.ts'

const BATCH = 500

/** Removes rows of what ended long enough ago; returns how many. Without a time, only events that were announced. */
export async function forgetHistory(
  { library, settings: { history }, now }: Pick<UpkeepParts, 'library' | 'settings' | 'now'>,
  options?: BatchOptions,
): Promise<number> {
  const before = history === undefined ? 0 : now() - history
  return inBatches(() => library.forget(before, BATCH), options)
}
