import {
  BIG_VALUES,
  BITS,
  BLOCK_TYPE,
  COUNT1,
  COUNT1_BITS,
  COUNT1_TABLE,
  EDGES,
  LONG,
  REGION0_COUNT,
  REGION1_COUNT,
  SHORT,
  stack,
  TABLE_SELECT,
  VALUES,
} from './granule'
import { lengthsOfFour } from './fours'
import { best, classOf, largestOf, lengthsIn } from './tables'

/** What LAME knows of the stream: granules of a frame. */
const GRANULES: usize = 80
/** How many bands long blocks have. */
const BANDS = 22
/** Of blocks that are not long, the first region is so many bands. */
const FIRST_REGION = 8
const MOST = 576
const NOT_YET = 100_000

/** Room below the stack: of each band and class its lengths (64 bits), of each band its largest value; of the best first two regions by how many bands they are. */
const LENGTHS: usize = 0
const LARGEST: usize = 8 * 8 * 24
const FIRST_TWO: usize = LARGEST + 4 * 24
const IN_FIRST: usize = FIRST_TWO + 4 * 24
const TABLE0: usize = IN_FIRST + 4 * 24
const TABLE1: usize = TABLE0 + 4 * 24
const ROOM: usize = TABLE1 + 4 * 24

/**
 * Divides the large values of a granule anew into the three regions, each with a Huffman table of its own, with which they
 * are the shortest; and once more where the last pair of them is counted among the fours behind. How long a band is in each
 * table is found once, a region is the sum of its bands.
 */
export function divide(gfc: usize, granule: usize): void {
  const isLong = load<i32>(granule, BLOCK_TYPE) == LONG
  if (load<i32>(granule, BLOCK_TYPE) == SHORT && load<i32>(gfc, GRANULES) == 1) return
  const edges = gfc + EDGES
  const room = stack - ROOM
  const values = granule + VALUES
  let limit = load<i32>(granule, BIG_VALUES), count1 = load<i32>(granule, COUNT1)
  let count1Bits = load<i32>(granule, COUNT1_BITS), count1Table = load<i32>(granule, COUNT1_TABLE)
  for (let isAgain = !isLong; ; isAgain = true) {
    if (isAgain) {
      count1 = load<i32>(granule, COUNT1) + 2
      if (limit == 0 || count1 > MOST || pairBefore(values, limit) > 1) return
      let at = count1
      let lengths: u64 = 0
      for (; at > limit; at -= 4) lengths += lengthsOfFour(v128.load(values + (<usize>at << 2) - 16))
      const one = <i32>lengths, other = <i32>(lengths >> 32)
      limit = at
      count1Bits = min(one, other)
      count1Table = i32(one > other)
    }
    let bands = 0
    while (edge(edges, bands) < limit) bands++
    measure(room, edges, values, isAgain && isLong ? max(bands - 1, 0) : 0, bands, limit)
    let least = load<i32>(granule, BITS)
    if (isLong) {
      if (!isAgain) divideFirst(room, edges, limit)
      for (let two = 2; two < bands; two++) {
        const place = room + (<usize>(two - 2) << 2)
        const bits = load<i32>(place, FIRST_TWO) + count1Bits
        if (least <= bits) break
        const third = region(room, two, bands)
        if (least <= bits + bitsOf(third)) continue
        least = bits + bitsOf(third)
        const inFirst = load<i32>(place, IN_FIRST)
        store<i32>(granule, inFirst, REGION0_COUNT)
        store<i32>(granule, two - 2 - inFirst, REGION1_COUNT)
        store<i32>(granule, load<i32>(place, TABLE0), TABLE_SELECT)
        store<i32>(granule, load<i32>(place, TABLE1), TABLE_SELECT + 4)
        store<i32>(granule, tableOf(third), TABLE_SELECT + 8)
      }
    } else {
      const first = region(room, 0, min(bands, FIRST_REGION)), second = region(room, FIRST_REGION, bands)
      const bits = count1Bits + bitsOf(first) + bitsOf(second)
      if (bits < least) {
        least = bits
        if (bands > 0) store<i32>(granule, tableOf(first), TABLE_SELECT)
        if (bands > FIRST_REGION) store<i32>(granule, tableOf(second), TABLE_SELECT + 4)
      }
    }
    if (least < load<i32>(granule, BITS)) {
      store<i32>(granule, least, BITS)
      store<i32>(granule, limit, BIG_VALUES)
      store<i32>(granule, count1, COUNT1)
      store<i32>(granule, count1Bits, COUNT1_BITS)
      store<i32>(granule, count1Table, COUNT1_TABLE)
    }
    if (isAgain) return
  }
}

@inline
function edge(edges: usize, band: i32): i32 {
  return load<i32>(edges + (<usize>band << 2))
}

@inline
function bitsOf(region: u32): i32 {
  return region & 0xffffff
}

@inline
function tableOf(region: u32): i32 {
  return region >>> 24
}

@inline
function pairBefore(values: usize, at: i32): u32 {
  const end = values + (<usize>at << 2)
  return load<u32>(end - 4) | load<u32>(end - 8)
}

/** Finds how long each band is in each table that a region with it may have; large values end at `limit`. */
@inline
function measure(room: usize, edges: usize, values: usize, from: i32, bands: i32, limit: i32): void {
  let largest = 0
  for (let band = 0; band < bands; band++) {
    const place = room + (<usize>band << 2)
    if (band >= from) store<i32>(place, largestOf(start(values, edges, band, limit), start(values, edges, band + 1, limit)), LARGEST)
    largest = max(largest, load<i32>(place, LARGEST))
  }
  const most = classOf(largest)
  for (let band = from; band < bands; band++) {
    const begin = start(values, edges, band, limit), end = start(values, edges, band + 1, limit)
    const least = classOf(load<i32>(room + (<usize>band << 2), LARGEST))
    for (let kind = max(least, 1); kind <= most; kind++)
      store<u64>(room + lengthsAt(kind, band), lengthsIn(kind, begin, end))
  }
}

@inline
function start(values: usize, edges: usize, band: i32, limit: i32): usize {
  return values + (<usize>min(edge(edges, band), limit) << 2)
}

@inline
function lengthsAt(kind: i32, band: i32): usize {
  return LENGTHS + (<usize>(kind * 24 + band) << 3)
}

/** The best first two regions that are so many bands together. */
@inline
function divideFirst(room: usize, edges: usize, limit: i32): void {
  for (let bands = 0; bands < BANDS; bands++) store<i32>(room + (<usize>bands << 2), NOT_YET, FIRST_TWO)
  for (let one = 1; one <= 16 && edge(edges, one) < limit; one++) {
    const first = region(room, 0, one)
    for (let two = one + 1; two <= one + 8 && edge(edges, two) < limit; two++) {
      const second = region(room, one, two)
      const bits = bitsOf(first) + bitsOf(second)
      const place = room + (<usize>(two - 2) << 2)
      if (bits >= load<i32>(place, FIRST_TWO)) continue
      store<i32>(place, bits, FIRST_TWO)
      store<i32>(place, one - 1, IN_FIRST)
      store<i32>(place, tableOf(first), TABLE0)
      store<i32>(place, tableOf(second), TABLE1)
    }
  }
}

/** From a band to before another: its best table, above how long it is in it. */
@inline
function region(room: usize, from: i32, to: i32): u32 {
  let largest = 0
  for (let band = from; band < to; band++) largest = max(largest, load<i32>(room + (<usize>band << 2), LARGEST))
  if (largest == 0) return 0
  const kind = classOf(largest)
  let lengths: u64 = 0
  for (let band = from; band < to; band++) lengths += load<u64>(room + lengthsAt(kind, band))
  return best(kind, largest, lengths)
}
