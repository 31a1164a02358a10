export interface BatchOptions {
  /** After so many the rest is left to the next time; 20. */
  readonly batches?: number
  readonly signal?: AbortSignal | undefined
}

/** Runs a deed that handles a batch and says how many it handled, until there was nothing; the sum. */
export async function inBatches(
  deed: () => Promise<number>,
  { batches = 20, signal }: BatchOptions = {},
): Promise<number> {
  let handled = 0
  for (let each = 0; each < batches && !signal?.aborted; each++) {
    const count = await deed()
    handled += count
    if (count === 0) break
  }
  return handled
}
