/** Bytes from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Sorted by start; ranges less than `gap` bytes apart are one. What comes in order, as chunks do, is merged as it comes.
 * Ends with the first `most`.
 */
export function mergeRanges(ranges: Iterable<Range>, gap: number, most = Number.POSITIVE_INFINITY): Range[] {
  const merged: { start: number; end: number }[] = []
  let isSorted = true
  for (const { start, end } of ranges) {
    const last = merged.at(-1)
    const isNext = !last || start >= last.start
    if (last && isNext && start - last.end < gap) last.end = Math.max(last.end, end)
    else if (merged.length < most) merged.push({ start, end })
    else break
    isSorted &&= isNext
  }
  if (isSorted) return merged
  merged.sort((a, b) => a.start - b.start)
  return mergeRanges(merged, gap)
}

/** The range that holds `offset`, of sorted ones that do not overlap. */
export function rangeAt(ranges: readonly Range[], offset: number): Range | undefined {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const found = ranges[low]
  return found && found.start <= offset ? found : undefined
}
