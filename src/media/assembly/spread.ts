import { gathered } from './gathered'
import {
  ARRANGED,
  FACTORS,
  GAINS,
  MASKS,
  REACHED,
  ROWS,
  roomOf,
  SPREAD,
  SUMS,
  TIMES,
  TONALITIES,
  TONALITIES_BEFORE,
} from './room'

/** LAME's own, by tonality: gain, a float; within how many bands another is near. */
export const GAIN_OF: usize = 9312
const NEAR_WITHIN: usize = 9360
const NEAREST = 2
/** What the sum of two that are near is multiplied by, by how many times 10^(1/16) one is the other. */
const FACTOR: usize = 9408
const FACTORS_KNOWN = 9
/** 15 dB: between those that are not near, what is softer by more does not count. */
const FAR: f32 = 31.622776

/**
 * The factors once more, the last of them 1 for all that are louder; the least quotients of two that LAME, by its table of
 * logarithms, takes for one more step.
 */
export function makeSteps(room: usize): void {
  for (let at: usize = 0; at < 4 * FACTORS_KNOWN; at += 4) store<f32>(room + at, load<f32>(FACTOR + at), FACTORS)
  store<f32>(room, 1, FACTORS + 4 * FACTORS_KNOWN)
  v128.store(room, f32x4.splat(1.1547824), TIMES)
  v128.store(room, f32x4.splat(1.3335217), TIMES + 16)
  v128.store(room, f32x4.splat(1.5399269), TIMES + 32)
  v128.store(room, f32x4.splat(1.7782798), TIMES + 48)
  v128.store(room, f32x4.splat(2.053526), TIMES + 64)
  v128.store(room, f32x4.splat(2.3713741), TIMES + 80)
  v128.store(room, f32x4.splat(2.7384198), TIMES + 96)
  v128.store(room, f32x4.splat(3.1622784), TIMES + 112)
  v128.store(room, f32x4.splat(3.6517412), TIMES + 128)
  v128.store(room, f32x4.splat(FAR), TIMES + 144)
}

/**
 * How loud each band of hearing is by all that spreads into it: the convolution of the psychoacoustic model. Each step of it
 * waits for the one before, so four channels go side by side, and four bands one behind the other; a weight of zero changes
 * nothing.
 *
 * `weights`: of each band those of all that reach it, one band behind the other. `ranges`: of each band the first and the
 * last that reach it.
 */
@inline
export function spread(weights: usize, ranges: usize, bands: i32): void {
  const room = roomOf()
  if (load<u32>(room, ARRANGED) != <u32>weights) arrange(room, weights, ranges, bands)
  let row = room + ROWS
  for (let band = 0; band < bands; band += 4) {
    const at = room + (<usize>band << 4)
    const within0 = gathered(NEAR_WITHIN, v128.load(at, TONALITIES))
    const within1 = gathered(NEAR_WITHIN, v128.load(at, TONALITIES + 16))
    const within2 = gathered(NEAR_WITHIN, v128.load(at, TONALITIES + 32))
    const within3 = gathered(NEAR_WITHIN, v128.load(at, TONALITIES + 48))
    let a = f32x4.splat(0), b = a, c = a, d = a
    let k = firstOf(room + REACHED, band >> 2)
    const last = lastOf(room + REACHED, band >> 2)
    let other = room + (<usize>k << 4)
    for (const end = min(last, band - NEAREST - 1); k <= end; k++, row += 16, other += 16) {
      a = far(room, a, more(row, other))
      b = far(room, b, more(row + 4, other))
      c = far(room, c, more(row + 8, other))
      d = far(room, d, more(row + 12, other))
    }
    const nearest = k
    let rowOfTwo = row, otherOfTwo = other
    for (const end = min(last, band + NEAREST + 1); k <= end; k++, row += 16, other += 16) {
      a = near(room, a, more(row, other), abs(k - band), within0)
      b = near(room, b, more(row + 4, other), abs(k - band - 1), within1)
    }
    for (const end = min(last, band + NEAREST + 3); k <= end; k++, row += 16, other += 16) {
      a = far(room, a, more(row, other))
      b = far(room, b, more(row + 4, other))
    }
    k = nearest
    for (const end = min(last, band - NEAREST + 1); k <= end; k++, rowOfTwo += 16, otherOfTwo += 16) {
      c = far(room, c, more(rowOfTwo + 8, otherOfTwo))
      d = far(room, d, more(rowOfTwo + 12, otherOfTwo))
    }
    for (const end = min(last, band + NEAREST + 3); k <= end; k++, rowOfTwo += 16, otherOfTwo += 16) {
      c = near(room, c, more(rowOfTwo + 8, otherOfTwo), abs(k - band - 2), within2)
      d = near(room, d, more(rowOfTwo + 12, otherOfTwo), abs(k - band - 3), within3)
    }
    for (; k <= last; k++, row += 16, other += 16) {
      a = far(room, a, more(row, other))
      b = far(room, b, more(row + 4, other))
      c = far(room, c, more(row + 8, other))
      d = far(room, d, more(row + 12, other))
    }
    v128.store(at, a, SPREAD)
    v128.store(at, b, SPREAD + 16)
    v128.store(at, c, SPREAD + 32)
    v128.store(at, d, SPREAD + 48)
  }
  for (let band = 0; band < bands; band++) share(room + (<usize>band << 4), room, firstOf(ranges, band), lastOf(ranges, band))
}

@inline
function firstOf(ranges: usize, band: i32): i32 {
  return load<i32>(ranges + (<usize>band << 3))
}

@inline
function lastOf(ranges: usize, band: i32): i32 {
  return load<i32>(ranges + (<usize>band << 3), 4)
}

/** Once for an encoder: rows of four weights. */
@inline
function arrange(room: usize, weights: usize, ranges: usize, bands: i32): void {
  store<u32>(room, <u32>weights, ARRANGED)
  let rows = room + ROWS
  for (let band = 0; band < bands; band += 4) {
    let low = i32.MAX_VALUE, high = -1
    for (let each = band; each < min(band + 4, bands); each++) {
      low = min(low, firstOf(ranges, each))
      high = max(high, lastOf(ranges, each))
    }
    store<i32>(room + (<usize>band << 1), low, REACHED)
    store<i32>(room + (<usize>band << 1), high, REACHED + 4)
    for (let each = band; each < band + 4; each++) {
      for (let k = low; k <= high; k++) {
        const reaches = each < bands && k >= firstOf(ranges, each) && k <= lastOf(ranges, each)
        const at = rows + (<usize>(k - low) << 4) + (<usize>(each - band) << 2)
        store<f32>(at, reaches ? load<f32>(weights) : 0)
        if (reaches) weights += 4
      }
    }
    rows += <usize>(high - low + 1) << 4
  }
}

/** What spreads from another band. */
@inline
function more(weight: usize, other: usize): v128 {
  return f32x4.mul(f32x4.mul(v128.load32_splat(weight), v128.load(other, SUMS)), v128.load(other, GAINS))
}

/** Added where neither is much louder; else the louder alone. */
@inline
function far(room: usize, sum: v128, more: v128): v128 {
  const louder = f32x4.pmax(sum, more), softer = f32x4.pmin(sum, more)
  return f32x4.add(louder, v128.and(softer, f32x4.lt(f32x4.div(louder, softer), v128.load(room, TIMES + 144))))
}

/** Where a band is near, both are added and what they have in common taken away. */
@inline
function near(room: usize, sum: v128, more: v128, distance: i32, within: v128): v128 {
  const louder = f32x4.pmax(sum, more), softer = f32x4.pmin(sum, more)
  const times = f32x4.div(louder, softer)
  const low = i8x16.add(over(room, times, 0), over(room, times, 16))
  const middle = i8x16.add(over(room, times, 32), over(room, times, 48))
  const high = i8x16.add(over(room, times, 64), over(room, times, 80))
  const highest = i8x16.add(over(room, times, 96), over(room, times, 112))
  const less = i8x16.add(i8x16.add(low, middle), i8x16.add(high, highest))
  const steps = i8x16.add(less, over(room, times, 128))
  const twice = i8x16.add(steps, steps)
  const bytes = i8x16.sub(i8x16(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3), i8x16.add(twice, twice))
  const factors = v128.or(
    v128.or(
      i8x16.swizzle(v128.load(room, FACTORS), bytes),
      i8x16.swizzle(v128.load(room, FACTORS + 16), i8x16.sub(bytes, i8x16.splat(16))),
    ),
    i8x16.swizzle(v128.load(room, FACTORS + 32), i8x16.sub(bytes, i8x16.splat(32))),
  )
  const isFar = i32x4.gt_s(i32x4.splat(distance), within)
  const kept = v128.and(softer, f32x4.lt(times, v128.load(room, TIMES + 144)))
  return v128.bitselect(f32x4.add(louder, kept), f32x4.mul(f32x4.add(louder, softer), factors), isFar)
}

/** All bits set where one is so many times the other. */
@inline
function over(room: usize, times: v128, step: usize): v128 {
  return f32x4.ge(times, v128.load(room + step, TIMES))
}

/** Of all that reach a band the mean tonality, whose gain takes its share. The dividend is odd: a quotient is never close to a whole number. */
@inline
function share(at: usize, room: usize, first: i32, last: i32): void {
  const before = room + (<usize>first << 4), reached = room + (<usize>(last + 1) << 4)
  const tonality = i32x4.sub(v128.load(reached, TONALITIES_BEFORE), v128.load(before, TONALITIES_BEFORE))
  const odd = i32x4.add(i32x4.add(tonality, tonality), i32x4.splat(1))
  const even = 2 * (last - first + 1)
  const mean = f32x4.div(f32x4.convert_i32x4_s(odd), f32x4.splat(<f32>even))
  const mask = f32x4.mul(gathered(GAIN_OF, i32x4.trunc_sat_f32x4_s(mean)), f32x4.splat(0.5))
  v128.store(at, mask, MASKS)
  v128.store(at, f32x4.mul(v128.load(at, SPREAD), mask), SPREAD)
}
