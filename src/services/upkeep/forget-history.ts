import { type BatchOptions, inBatches } from '../../kit/in-batches.ts'
import type { UpkeepParts } from './parts.ts'

const BATCH = 500

/** Removes rows of what ended long enough ago; returns how many. Without a time, only events that were announced. */
export async function forgetHistory(
  parts: Pick<UpkeepParts, 'library' | 'settings' | 'now'>,
  options?: BatchOptions,
): Promise<number> {
  const before = endedBefore(parts)
  return inBatches(() => parts.library.forget(before, BATCH), options)
}

/** What ended by then, milliseconds since the epoch, is to be forgotten: without a time for history, nothing. */
export const endedBefore = ({ settings: { history }, now }: Pick<UpkeepParts, 'settings' | 'now'>) =>
  history === undefined ? 0 : now() - history
