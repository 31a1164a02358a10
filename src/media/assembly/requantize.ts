import { BLOCK_TYPE, GLOBAL_GAIN, LARGEST_POWER, LAST_VALUE, LONG, SHORT, stack, VALUES, WIDTHS } from './granule'
import { quantize } from './quantize'
import { stepsOf } from './steps'

/** What was found the last time: global gain, the first band of which all values are below two, steps. */
const LAST_GAIN: usize = 0
const LAST_SMALL: usize = 4
const LAST_STEPS: usize = 8

/** What a global gain multiplies powers of 3/4 by: LAME's own. */
const SCALES: usize = 99984
/** More than any table knows, with what rounding adds. */
const TOO_LARGE: f32 = 8206
/** From here on it is one, scaled. */
const ONE: f32 = 0.59459996

const MOST = 576

/** Room below the stack: of each band where its values begin, and behind the last where they end; above, what `quantize` keeps. */
const ROOM: usize = 256

/**
 * Quantizes a granule for its global gain; false where it has values that are too large for that. Bands whose step is that of
 * the last time stay as they are; those that had no value above one, and whose step is no smaller now, become zeros and ones.
 * Which these are is found of four bands at once, as bits; then whole runs of bands are done.
 *
 * `powers`: of the spectrum, of 3/4. `last`: what was found the last time, or 0.
 */
export function requantize(powers: usize, granule: usize, last: usize): bool {
  const gain = load<i32>(granule, GLOBAL_GAIN)
  const scale = load<f32>(SCALES + (gain << 2))
  if (load<f32>(granule, LARGEST_POWER) > TOO_LARGE / scale) return false
  const isSame = last != 0 && load<i32>(last, LAST_GAIN) == gain
  const isStepped = isSame || load<i32>(granule, BLOCK_TYPE) == LONG
  const small = last ? load<i32>(last, LAST_SMALL) : 0
  const bands = load<i32>(granule, BLOCK_TYPE) == SHORT ? 39 : 22
  const end = load<i32>(granule, LAST_VALUE)
  const starts = stack - ROOM

  const zero = i32x4.splat(0), ends = i32x4.splat(end)
  let changed: u64 = 0, ones: u64 = 0, cut: u64 = 0
  let start = zero
  for (let at: usize = 0; at < <usize>bands << 2; at += 16) {
    const widths = v128.load(granule + at, WIDTHS)
    const two = i32x4.add(widths, v128.shuffle<i32>(zero, widths, 0, 4, 5, 6))
    const sums = i32x4.add(start, i32x4.add(two, v128.shuffle<i32>(zero, two, 0, 1, 4, 5)))
    v128.store(starts + at, i32x4.sub(sums, widths))
    start = v128.shuffle<i32>(sums, sums, 3, 3, 3, 3)
    const steps = isStepped ? stepsOf(granule, at) : i32x4.splat(-1)
    const before = v128.load(last + at, LAST_STEPS)
    const isSmall = v128.and(i32x4.gt_s(before, zero), i32x4.ge_s(steps, before))
    changed |= <u64>i32x4.bitmask(i32x4.ne(steps, before)) << (at >> 2)
    ones |= <u64>i32x4.bitmask(isSmall) << (at >> 2)
    cut |= <u64>i32x4.bitmask(i32x4.gt_s(sums, ends)) << (at >> 2)
  }
  if (!isSame) changed = -1
  changed &= ((<u64>1 << bands) - 1)
  ones = small > 0 ? ones & (<u64>-1 << small) : 0
  cut &= changed
  if (cut) {
    // the last band that has values: LAME looks for its step at the place behind all bands
    const band = <usize>ctz(cut)
    const bit = <u64>1 << band
    changed &= (bit << 1) - 1
    const before = load<i32>(last + (<usize>bands << 2), LAST_STEPS)
    const isSmall = small > 0 && small <= bands && before > 0 && isStepped && stepOf(granule, band << 2) >= before
    ones = isSmall ? ones | bit : ones & ~bit
    clear(granule + VALUES + (<usize>end << 2), granule + VALUES + (MOST << 2))
  }
  const values = granule + VALUES
  const limit = end + 1
  for (let bits = changed & ~ones; bits; ) {
    const from = run(starts, bits, limit)
    quantize(<i32>(from >> 32) - <i32>from, scale, powers + (<usize>from << 2), values + (<usize>from << 2))
    bits = behindRun(bits)
  }
  for (let bits = changed & ones; bits; ) {
    const from = run(starts, bits, limit)
    toOnes(<i32>(from >> 32) - <i32>from, ONE / scale, powers + (<usize>from << 2), values + (<usize>from << 2))
    bits = behindRun(bits)
  }
  return true
}

@inline
function stepOf(granule: usize, at: usize): i32 {
  return i32x4.extract_lane(stepsOf(granule, at), 0)
}

/** Of the first bits that are set: where the values of their bands begin, and, in the upper half, where they end. */
@inline
function run(starts: usize, bits: u64, limit: i32): u64 {
  const first = ctz(bits)
  const next = first + ctz(~(bits >> first))
  const begin = load<u32>(starts + (<usize>first << 2))
  return <u64>begin | (<u64>min(load<i32>(starts + (<usize>next << 2)), limit) << 32)
}

@inline
function behindRun(bits: u64): u64 {
  return bits & (bits + (bits & -bits))
}

/** What is rounded to zero or one. */
@inline
function toOnes(count: i32, least: f32, from: usize, to: usize): void {
  const leastFour = f32x4.splat(least), one = i32x4.splat(1)
  for (; count > 0; count -= 4, from += 16, to += 16) {
    const ones = v128.andnot(one, f32x4.gt(leastFour, v128.load(from)))
    if (count > 2) v128.store(to, ones)
    else v128.store64_lane(to, ones, 0)
  }
}

@inline
function clear(from: usize, end: usize): void {
  const zero = i32x4.splat(0)
  for (; from + 16 <= end; from += 16) v128.store(from, zero)
  for (; from < end; from += 4) store<i32>(from, 0)
}
