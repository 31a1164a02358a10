import { chooseTable } from './choose-table'
import { lengthsOfFour } from './fours'
import {
  BIG_VALUES,
  BLOCK_TYPE,
  COUNT1,
  COUNT1_BITS,
  COUNT1_TABLE,
  EDGES,
  LAST_VALUE,
  LONG,
  REGION0_COUNT,
  REGION1_COUNT,
  SHORT,
  stack,
  TABLE_SELECT,
  VALUES,
} from './granule'

/**
 * What LAME knows of the stream: where the fourth band of short blocks begins, in one of them; how many bands the first two
 * regions have, by the number of large values, a byte each.
 */
const FOURTH_SHORT: usize = 21468
const REGIONS: usize = 85098
/** Bands of the first two regions of blocks that begin or end a row of short ones. */
const FIRST_REGION = 7
const SECOND_REGION = 13
const MOST = 576
/** What was found the last time: the first band of which all values are below two. */
const LAST_SMALL: usize = 4

/**
 * How many bits the values of a granule are: where the last that is not zero lies, where before it the fours of zeros and
 * ones begin, and in which tables these and the three regions of large values are the shortest. `last`: what was found
 * the last time, or 0.
 */
export function count(gfc: usize, granule: usize, last: usize): i32 {
  if (last) store<i32>(last, 0, LAST_SMALL)
  const values = granule + VALUES
  let at = behindNonzero(values, min((load<i32>(granule, LAST_VALUE) & -2) + 2, MOST))
  store<i32>(granule, at, COUNT1)
  let lengths: u64 = 0
  for (; at >= 4; at -= 4) {
    const four = v128.load(values + (<usize>at << 2) - 16)
    if (v128.any_true(i32x4.shr_u(four, 1))) break
    lengths += lengthsOfFour(four)
  }
  const one = <i32>lengths, other = <i32>(lengths >> 32)
  const bits = min(one, other)
  store<i32>(granule, i32(other < one), COUNT1_TABLE)
  store<i32>(granule, at, BIG_VALUES)
  store<i32>(granule, bits, COUNT1_BITS)
  const sum = stack - 16
  store<i32>(sum, bits)
  if (at > 0) chooseTables(gfc, granule, at, sum)
  return load<i32>(sum)
}

/** Where the values end, which come in pairs, behind the last pair that has one that is not zero. */
@inline
function behindNonzero(values: usize, end: i32): i32 {
  const zero = i32x4.splat(0)
  for (; end > 0; end -= 8) {
    const behind = values + (<usize>end << 2)
    const low = i32x4.bitmask(i32x4.ne(v128.load(behind - 32), zero))
    const high = i32x4.bitmask(i32x4.ne(v128.load(behind - 16), zero))
    const nonzero = low | (high << 4)
    // what may lie before the first value counts for nothing
    if (nonzero) return max(end - (<i32>clz(nonzero) - 24 & -2), 0)
  }
  return 0
}

/** Finds the three regions of so many large values, and a table for each; adds their bits. */
@inline
function chooseTables(gfc: usize, granule: usize, large: i32, sum: usize): void {
  const kind = load<i32>(granule, BLOCK_TYPE)
  let first: i32, second = large
  if (kind == LONG) {
    const one = load<i8>(gfc + large, REGIONS), two = load<i8>(gfc + large, REGIONS + 1)
    store<i32>(granule, one, REGION0_COUNT)
    store<i32>(granule, two, REGION1_COUNT)
    first = load<i32>(gfc + (<usize>one << 2), EDGES + 4)
    second = min(load<i32>(gfc + (<usize>(one + two) << 2), EDGES + 8), large)
  } else if (kind == SHORT) {
    first = 3 * load<i32>(gfc, FOURTH_SHORT)
  } else {
    store<i32>(granule, FIRST_REGION, REGION0_COUNT)
    store<i32>(granule, SECOND_REGION, REGION1_COUNT)
    first = load<i32>(gfc + ((FIRST_REGION + 1) << 2), EDGES)
  }
  first = min(first, large)
  const values = granule + VALUES
  // the third is the first, as LAME has it: where a sum is not possible it begins anew
  let from = second, end = large
  for (let region: usize = 8; ; ) {
    if (from < end) {
      const table = chooseTable(values + (<usize>from << 2), values + (<usize>end << 2), sum)
      store<i32>(granule + region, table, TABLE_SELECT)
    }
    if (region == 4) return
    from = region == 8 ? 0 : first
    end = region == 8 ? first : second
    region = region == 8 ? 0 : 4
  }
}
