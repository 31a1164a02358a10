/** Bytes from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Sorted by start; ranges less than `gap` bytes apart are one. */
export function mergeRanges(ranges: Iterable<Range>, gap: number): Range[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && start - last.end < gap) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
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
