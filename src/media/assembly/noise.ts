import { gathered } from './gathered'
import { BIG_VALUES, GLOBAL_GAIN, HEARD_BANDS, LAST_VALUE, stack, VALUES, WIDTHS } from './granule'
import { kept, keptWord } from './kept'
import { stepsOf } from './steps'

/** What was found the last time: of the bands their steps, noise, and this by what is allowed, in powers of ten. */
const LAST_STEPS: usize = 8
const LAST_NOISE: usize = 164
const LAST_LOGS: usize = 320

/** In the result: sum of all that is too much, of all, the largest; how many bands have too much, and how much, squared. */
const TOO_MUCH: usize = 0
const ALL: usize = 4
const LARGEST: usize = 8
const COUNT: usize = 12
const SQUARES: usize = 16

/** LAME's own: powers of 4/3 of whole numbers; what a quantizer step multiplies by. */
const POWERS: usize = 34320
const FACTORS: usize = 101488
/** Logarithms to the base 2 of numbers from 1 to 2, in 512 steps. */
const LOGARITHMS: usize = 102528
/** As LAME's compiler had it, which is not the nearest there is. */
const LOG10_OF_TWO: f64 = 0.30102999566398114
/** A float as large as that has no digits behind its point, and its lowest bits are the number itself. */
const WHOLE: f32 = 8388608

/**
 * Room below the stack: of four bands where their values begin, how many bytes of them there are, their steps; a row of squares
 * for each of them; what takes the place of `last`; in the uppermost 16 bytes, what is `kept`.
 */
const STARTS: usize = 0
const LENGTHS: usize = 16
const STEPS: usize = 32
const ROWS: usize = 48
const ROW: usize = 4 * 576 + 16
const FOUND: usize = ROWS + 4 * ROW
const ROOM: usize = FOUND + 512

/**
 * The noise of each band: the sum of squared differences between the spectrum and what its quantized values stand for; by
 * how much it is more than allowed. Bands whose step is that of the last time keep what was found then. Each step of a sum
 * waits for the one before: so squares are found four at a time, and then summed four bands side by side.
 *
 * `allowed`: of each band. `distortions`: to be filled with noise by what is allowed. `last`: what was found the last time,
 * to be renewed, or 0.
 */
export function noise(granule: usize, allowed: usize, distortions: usize, result: usize, last: usize): void {
  const room = stack - ROOM
  const bands = load<i32>(granule, HEARD_BANDS)
  const all = <usize>max(bands, 0) << 2
  const known = last ? last : room + FOUND
  const isFirst = i32x4.splat(-i32(last == 0))
  const end = i32x4.splat(load<i32>(granule, LAST_VALUE) + 1)
  const large = largeEnd(granule)
  const four = keptWord(0x04040404), first = keptWord(0x03020100)
  const ofBands = i32x4.splat(bands), nextFour = keptWord(4), oneWhole = keptWord(1)
  const one = kept(1), ten = kept(10), whole = kept(WHOLE), half = kept(0.5)
  let index = i32x4(0, 1, 2, 3)
  let largest = f32x4.splat(-20), squares = i32x4.splat(0)
  let count = 0
  let isAnyNew = false
  let start = 0
  for (let at: usize = 0; at < all; at += 16) {
    const widths = v128.load(granule + at, WIDTHS)
    const isBand = i32x4.gt_s(ofBands, index)
    index = i32x4.add(index, nextFour)
    const steps = stepsOf(granule, at), before = v128.load(known + at, LAST_STEPS)
    const isNew = v128.and(isBand, v128.or(isFirst, i32x4.ne(steps, before)))
    const two = i32x4.add(widths, v128.shuffle<i32>(i32x4.splat(0), widths, 0, 4, 5, 6))
    const sums = i32x4.add(two, v128.shuffle<i32>(i32x4.splat(0), two, 0, 1, 4, 5))
    const starts = i32x4.add(i32x4.splat(start), i32x4.sub(sums, widths))
    start += i32x4.extract_lane(sums, 3)
    let noises = v128.load(known + at, LAST_NOISE), logs = v128.load(known + at, LAST_LOGS)
    const inverse = f32x4.div(one, v128.load(allowed + at))
    if (v128.any_true(isNew)) {
      isAnyNew = true
      const counts = i32x4.min_s(widths, i32x4.max_s(i32x4.sub(end, starts), i32x4.splat(0)))
      const lengths = v128.and(isNew, i32x4.shl(i32x4.shr_s(counts, 1), 3))
      v128.store(room, starts, STARTS)
      v128.store(room, lengths, LENGTHS)
      v128.store(room, steps, STEPS)
      let row = room + ROWS
      for (let lane: usize = 0; lane < 16; lane += 4, row += ROW) {
        const bytes = load<usize>(room + lane, LENGTHS)
        if (bytes == 0) continue
        const begin = load<i32>(room + lane, STARTS)
        const from = granule + (<usize>begin << 2)
        const step = v128.load32_splat(FACTORS + (load<i32>(room + lane, STEPS) << 2))
        differences(row, from, from + bytes, step, from >= large, four, first)
      }
      const sums = fourSums(room)
      const fresh = logarithms(f32x4.mul(inverse, sums))
      noises = v128.bitselect(sums, noises, isNew)
      logs = v128.bitselect(fresh, logs, isNew)
      v128.store(known + at, v128.bitselect(steps, before, isBand), LAST_STEPS)
      v128.store(known + at, noises, LAST_NOISE)
      v128.store(known + at, logs, LAST_LOGS)
    }
    const distortion = f32x4.mul(inverse, noises)
    v128.store(distortions + at, v128.bitselect(distortion, v128.load(distortions + at), isBand))
    largest = f32x4.pmax(largest, v128.bitselect(logs, largest, isBand))
    const isTooMuch = v128.and(isBand, f32x4.gt(logs, f32x4.splat(0)))
    count += popcnt(i32x4.bitmask(isTooMuch))
    const tenths = i32x4.max_s(oneWhole, rounded(f32x4.mul(logs, ten), whole, half))
    squares = i32x4.add(squares, v128.and(isTooMuch, i32x4.mul(tenths, tenths)))
  }
  if (isAnyNew) store<i32>(known, load<i32>(granule, GLOBAL_GAIN))
  let tooMuch: f32 = 0, sum: f32 = 0
  for (let at: usize = 0; at < all; at += 4) {
    const log = load<f32>(known + at, LAST_LOGS)
    sum += log
    tooMuch += larger(log, 0)
  }
  largest = f32x4.pmax(largest, v128.shuffle<i32>(largest, largest, 2, 3, 0, 1))
  largest = f32x4.pmax(largest, v128.shuffle<i32>(largest, largest, 1, 0, 3, 2))
  squares = i32x4.add(squares, v128.shuffle<i32>(squares, squares, 2, 3, 0, 1))
  store<f32>(result, tooMuch, TOO_MUCH)
  store<f32>(result, sum, ALL)
  store<f32>(result, f32x4.extract_lane(largest, 0), LARGEST)
  store<i32>(result, count, COUNT)
  store<i32>(result, i32x4.extract_lane(squares, 0) + i32x4.extract_lane(squares, 1), SQUARES)
}

/**
 * Squared differences of a band's values, of which there are some; may write 8 bytes more. `isSmall`: none is above three. `four`,
 * `first`: what makes numbers of words numbers of bytes.
 */
@inline
function differences(to: usize, from: usize, end: usize, step: v128, isSmall: bool, four: v128, first: v128): void {
  if (isSmall) {
    const values = f32x4.mul(v128.load(POWERS), step)
    do {
      const places = i32x4.add(i32x4.mul(v128.load(from, VALUES), four), first)
      v128.store(to, squared(v128.load(from), i8x16.swizzle(values, places)))
      from += 16
      to += 16
    } while (from < end)
  } else {
    do {
      const power = gathered(POWERS, v128.load(from, VALUES))
      v128.store(to, squared(v128.load(from), f32x4.mul(power, step)))
      from += 16
      to += 16
    } while (from < end)
  }
}

/** Behind the last of the large values that is more than three. */
@inline
function largeEnd(granule: usize): usize {
  const three = i32x4.splat(3)
  let end = granule + (load<usize>(granule, BIG_VALUES) << 2)
  while (end > granule && !v128.any_true(i32x4.gt_s(v128.load(end - 16, VALUES), three))) end -= 16
  return end
}

@inline
function squared(x: v128, value: v128): v128 {
  const difference = f32x4.sub(f32x4.abs(x), value)
  return f32x4.mul(difference, difference)
}

/** The sums of four rows, each in its own order; what lies behind a row counts as zero. */
@inline
function fourSums(room: usize): v128 {
  const rows = room + ROWS
  const inA = v128.load32_splat(room, LENGTHS), inB = v128.load32_splat(room, LENGTHS + 4)
  const inC = v128.load32_splat(room, LENGTHS + 8), inD = v128.load32_splat(room, LENGTHS + 12)
  const most = i32x4.max_s(i32x4.max_s(inA, inB), i32x4.max_s(inC, inD))
  const longest = <usize>i32x4.extract_lane(most, 0)
  const next = keptWord(16)
  let place = i32x4(0, 4, 8, 12)
  let sums = f32x4.splat(0)
  for (let at: usize = 0; at < longest; at += 16) {
    const w = v128.and(v128.load(rows + at), i32x4.gt_s(inA, place))
    const x = v128.and(v128.load(rows + at, ROW), i32x4.gt_s(inB, place))
    const y = v128.and(v128.load(rows + at, 2 * ROW), i32x4.gt_s(inC, place))
    const z = v128.and(v128.load(rows + at, 3 * ROW), i32x4.gt_s(inD, place))
    place = i32x4.add(place, next)
    const wx = v128.shuffle<i32>(w, x, 0, 4, 1, 5), yz = v128.shuffle<i32>(y, z, 0, 4, 1, 5)
    const wxHigh = v128.shuffle<i32>(w, x, 2, 6, 3, 7), yzHigh = v128.shuffle<i32>(y, z, 2, 6, 3, 7)
    sums = f32x4.add(sums, v128.shuffle<i64>(wx, yz, 0, 2))
    sums = f32x4.add(sums, v128.shuffle<i64>(wx, yz, 1, 3))
    sums = f32x4.add(sums, v128.shuffle<i64>(wxHigh, yzHigh, 0, 2))
    sums = f32x4.add(sums, v128.shuffle<i64>(wxHigh, yzHigh, 1, 3))
  }
  return sums
}

/** To the base ten, of four numbers; of what is next to nothing, that of 1e-20. */
@inline
function logarithms(numbers: v128): v128 {
  const bits = f32x4.pmax(f32x4.splat(1e-20), numbers)
  const places = i32x4.shl(v128.and(i32x4.shr_u(bits, 14), i32x4.splat(511)), 2)
  const first = v128.load64_zero(LOGARITHMS + i32x4.extract_lane(places, 0))
  const second = v128.load64_zero(LOGARITHMS + i32x4.extract_lane(places, 2))
  const two = v128.load64_lane(LOGARITHMS + i32x4.extract_lane(places, 1), first, 1)
  const others = v128.load64_lane(LOGARITHMS + i32x4.extract_lane(places, 3), second, 1)
  const part = f32x4.mul(f32x4.convert_i32x4_s(v128.and(bits, i32x4.splat(16383))), f32x4.splat(1 / 16384))
  const below = f32x4.mul(v128.shuffle<i32>(two, others, 0, 2, 4, 6), f32x4.sub(f32x4.splat(1), part))
  const above = f32x4.mul(part, v128.shuffle<i32>(two, others, 1, 3, 5, 7))
  const exponent = i32x4.sub(v128.and(i32x4.shr_u(bits, 23), i32x4.splat(255)), i32x4.splat(127))
  const binary = f32x4.add(f32x4.add(below, above), f32x4.convert_i32x4_s(exponent))
  const by = f64x2.splat(LOG10_OF_TWO)
  const low = f64x2.mul(f64x2.promote_low_f32x4(binary), by)
  const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(binary, binary, 1, 0)), by)
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
}

/** To whole numbers, the half ones upwards, of what is not below zero. */
@inline
function rounded(numbers: v128, whole: v128, half: v128): v128 {
  const nearest = f32x4.add(numbers, whole)
  const isLess = f32x4.ge(f32x4.sub(numbers, f32x4.sub(nearest, whole)), half)
  return i32x4.sub(i32x4.sub(nearest, whole), isLess)
}

/** Without the branches that a maximum of floats comes to. */
@inline
function larger(a: f32, b: f32): f32 {
  return f32x4.extract_lane(f32x4.pmax(f32x4.splat(a), f32x4.splat(b)), 0)
}
