import { best, classOf, largestOf, lengthsIn } from './tables'

/** More than any table knows. */
const TOO_LARGE = 8207
const IMPOSSIBLE = 100_000

/** The Huffman table in which values, from and to these addresses, are the shortest; adds how many bits they are to `bits`. */
@inline
export function chooseTable(from: usize, end: usize, bits: usize): i32 {
  const largest = largestOf(from, end)
  if (largest == 0) return 0
  if (largest >= TOO_LARGE) {
    store<i32>(bits, IMPOSSIBLE)
    return -1
  }
  const kind = classOf(largest)
  const found = best(kind, largest, lengthsIn(kind, from, end))
  store<u32>(bits, load<u32>(bits) + (found & 0xffffff))
  return found >>> 24
}
