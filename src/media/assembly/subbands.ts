import { turnFour } from './four-by-four'
import { stack } from './granule'

/** LAME's window, 18 floats for each of the sums that are folded in pairs; then of the two that lie alone. */
const WINDOW: usize = 5552
const WINDOW_ROW: usize = 72
const ALONE: usize = WINDOW + 15 * WINDOW_ROW
/** What differences are turned by, of the first of eight pairs; of each next so many bytes before. */
const TURNS: usize = 6556
const TURNS_STEP: usize = 144
/** How a quarter and three quarters of it are turned: they are among those. */
const LESS: usize = TURNS - TURNS_STEP
const MORE: usize = TURNS - 5 * TURNS_STEP

const STEPS = 18
/** Bytes of the 32 samples of a step, and of the 32 subbands that come of it. */
const STEP: usize = 128
/** Samples before the last 224: the window covers 512, these 17 steps further back. */
const BACK: usize = 287 << 2
/** In a row are the samples that lie 32 apart, of 33 steps. */
const ROW: usize = 144

/** Room below the stack: rows; then by fours, what is folded; the parts of the transform. */
const FOLDED: usize = 32 * ROW
const SUMS: usize = FOLDED + 32 * 16
const CHAINED: usize = SUMS + 16 * 16
const ROOM: usize = CHAINED + 16 * 16

/**
 * The polyphase filterbank: 18 steps of a granule of a channel, each 32 subbands of 512 samples, windowed and transformed.
 * Four steps go side by side, one in a lane; for that the samples are laid into rows by which they lie a step apart.
 * Every other subband of every other step is negated, as the transform behind it wants it.
 *
 * `samples`: of the first step. `to`: 18 times 32 floats.
 */
export function subbands(samples: usize, to: usize): void {
  const room = stack - ROOM
  arrange(samples - BACK, room)
  for (let step = 0; step < STEPS; step += 4) {
    const from = min(step, STEPS - 4) // the last four are some of those before them
    fold(room + (<usize>from << 2), room + FOLDED)
    transform(room)
    interleave(room, to + <usize>from * STEP)
  }
}

/** Samples to rows. */
@inline
function arrange(samples: usize, room: usize): void {
  for (let step: usize = 0; step < 36; step += 4) {
    const first = min(step, 29)
    const from = samples + first * STEP
    for (let row: usize = 0; row < 32; row += 4) {
      const at = from + (row << 2)
      const to = room + row * ROW + (first << 2)
      turnFour(v128.load(at), v128.load(at, STEP), v128.load(at, 2 * STEP), v128.load(at, 3 * STEP), to, ROW)
    }
  }
}

/** Samples times window, of 512 to 32 sums: rows that mirror each other have the same window, and give two sums. */
@inline
function fold(rows: usize, to: usize): void {
  let window = WINDOW
  let up = rows + ROW, down = rows + 31 * ROW
  for (const end = WINDOW + 15 * WINDOW_ROW; window < end; window += WINDOW_ROW, up += ROW, down -= ROW, to += 32) {
    let weight = v128.load32_splat(window)
    let odd = f32x4.mul(v128.load(down, 60), weight)
    let even = f32x4.mul(v128.load(up), weight)
    weight = v128.load32_splat(window, 4)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 52), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 8), weight))
    weight = v128.load32_splat(window, 8)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 44), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 16), weight))
    weight = v128.load32_splat(window, 12)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 36), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 24), weight))
    weight = v128.load32_splat(window, 16)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 28), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 32), weight))
    weight = v128.load32_splat(window, 20)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 20), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 40), weight))
    weight = v128.load32_splat(window, 24)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 12), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 48), weight))
    weight = v128.load32_splat(window, 28)
    odd = f32x4.add(odd, f32x4.mul(v128.load(down, 4), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(up, 56), weight))
    weight = v128.load32_splat(window, 32)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 60), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 0), weight))
    weight = v128.load32_splat(window, 36)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 52), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 8), weight))
    weight = v128.load32_splat(window, 40)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 44), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 16), weight))
    weight = v128.load32_splat(window, 44)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 36), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 24), weight))
    weight = v128.load32_splat(window, 48)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 28), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 32), weight))
    weight = v128.load32_splat(window, 52)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 20), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 40), weight))
    weight = v128.load32_splat(window, 56)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 12), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 48), weight))
    weight = v128.load32_splat(window, 60)
    odd = f32x4.sub(odd, f32x4.mul(v128.load(up, 4), weight))
    even = f32x4.add(even, f32x4.mul(v128.load(down, 56), weight))
    even = f32x4.mul(even, v128.load32_splat(window, 64))
    v128.store(to, f32x4.add(odd, even))
    v128.store(to, f32x4.mul(v128.load32_splat(window, 68), f32x4.sub(odd, even)), 16)
  }
  const first = foldFirst(rows), middle = foldMiddle(rows + 16 * ROW)
  v128.store(to, f32x4.add(first, middle))
  v128.store(to, f32x4.sub(middle, first), 16)
}

/** The row that mirrors itself. */
@inline
function foldFirst(row: usize): v128 {
  let sum = f32x4.mul(v128.load(row, 32), v128.load32_splat(ALONE))
  for (let tap: usize = 4; tap < 32; tap += 8) {
    const unlike = f32x4.sub(v128.load(row - tap, 32), v128.load(row + tap, 32))
    sum = f32x4.add(f32x4.mul(unlike, v128.load32_splat(ALONE + tap)), sum)
    if (tap == 28) break
    const alike = f32x4.add(v128.load(row - tap, 28), v128.load(row + tap, 36))
    sum = f32x4.add(f32x4.mul(alike, v128.load32_splat(ALONE + tap, 4)), sum)
  }
  return sum
}

/** The row between those that mirror each other. */
@inline
function foldMiddle(row: usize): v128 {
  let sum = f32x4.mul(v128.load(row, 28), v128.load32_splat(ALONE, 32))
  sum = f32x4.add(f32x4.mul(v128.load(row, 20), v128.load32_splat(ALONE, 36)), sum)
  sum = f32x4.add(f32x4.mul(v128.load(row, 12), v128.load32_splat(ALONE, 40)), sum)
  sum = f32x4.add(f32x4.mul(v128.load(row, 4), v128.load32_splat(ALONE, 44)), sum)
  sum = f32x4.sub(sum, f32x4.mul(v128.load(row, 36), v128.load32_splat(ALONE, 48)))
  sum = f32x4.sub(sum, f32x4.mul(v128.load(row, 44), v128.load32_splat(ALONE, 52)))
  sum = f32x4.sub(sum, f32x4.mul(v128.load(row, 52), v128.load32_splat(ALONE, 56)))
  return f32x4.sub(sum, v128.load(row, 60))
}

/**
 * The cosine transform of 32, but for its last sums and differences. What it is folded into are two lists, each value of the
 * second less the one before; of both the half is such a pair again. `halves` are sums and differences, turned.
 */
@inline
function transform(room: usize): void {
  const folded = room + FOLDED, sums = room + SUMS, chained = room + CHAINED
  halve(folded)
  eight(folded, sums)
  pair(folded, 1, 5, chained, 0)
  pair(folded, 13, 9, chained, 2)
  chain(chained, 2, 4, 8)
  chain(chained, 3, 4, 8)
  chain(chained, 1, 2, 8)
  chain(chained, 0, 1, 8)
  for (let k: usize = 0; k < 8; k++) {
    const one = at(sums, k), other = at(chained, k)
    put(sums, k, f32x4.add(one, other))
    put(sums, 15 - k, f32x4.sub(one, other))
  }
  quad(folded, 0, 6, 2, 4, chained, 0)
  quad(folded, 14, 8, 12, 10, chained, 2)
  chain(chained, 2, 4, 16)
  chain(chained, 3, 4, 16)
  chain(chained, 1, 2, 16)
  chain(chained, 0, 1, 16)
}

@inline
function at(list: usize, place: usize): v128 {
  return v128.load(list + (place << 4))
}

@inline
function put(list: usize, place: usize, four: v128): void {
  v128.store(list + (place << 4), four)
}

/** Sums of halves, and differences turned; two pairs have none, or another turn. */
@inline
function halve(folded: usize): void {
  for (let pair: usize = 0; pair < 7; pair++) {
    if (pair == 3) continue
    const by = v128.load32_splat(TURNS - pair * TURNS_STEP)
    for (let each: usize = 0; each < 2; each++) {
      const low = at(folded, 2 * pair + each), high = at(folded, 28 - 2 * pair + each)
      put(folded, 2 * pair + each, f32x4.add(high, low))
      put(folded, 28 - 2 * pair + each, f32x4.mul(f32x4.sub(high, low), by))
    }
  }
}

/** The first eight sums, of the four pairs that are not turned by halves. */
@inline
function eight(folded: usize, sums: usize): void {
  const a0 = at(folded, 30), a1 = at(folded, 31), b0 = at(folded, 14)
  const b1 = f32x4.sub(at(folded, 15), b0)
  const c0 = at(folded, 22), c1 = at(folded, 23), d0 = at(folded, 6), d1 = at(folded, 7)
  const both = f32x4.add(c1, d1)
  const e0 = f32x4.add(c0, d0)
  const e1 = f32x4.sub(both, e0)
  const e2 = f32x4.sub(turned(f32x4.sub(c0, d0)), e1)
  const e3 = f32x4.sub(turnedLess(f32x4.sub(c1, d1), both), e2)
  spreadOut(sums, 0, f32x4.add(a0, b0), e0)
  spreadOut(sums, 1, f32x4.add(a1, b1), e1)
  spreadOut(sums, 2, f32x4.sub(a1, b1), e2)
  spreadOut(sums, 3, f32x4.sub(a0, b0), e3)
}

@inline
function spreadOut(sums: usize, place: usize, one: v128, other: v128): void {
  put(sums, place, f32x4.add(one, other))
  put(sums, 7 - place, f32x4.sub(one, other))
}

/** A transform of two, of either of both: even and odd. */
@inline
function pair(folded: usize, a: usize, b: usize, to: usize, place: usize): void {
  for (let each: usize = 0; each < 2; each++) {
    const one = at(folded, 2 * a + each), other = at(folded, 2 * b + each)
    put(to, place + each, f32x4.add(one, other))
    const less = turned(f32x4.sub(one, other))
    put(to, place + each + 4, less)
  }
}

/** A transform of four. */
@inline
function quad(folded: usize, a: usize, b: usize, c: usize, d: usize, to: usize, place: usize): void {
  const less = v128.load32_splat(LESS), more = v128.load32_splat(MORE)
  for (let each: usize = 0; each < 2; each++) {
    const a1 = at(folded, 2 * a + each), b1 = at(folded, 2 * b + each)
    const c1 = at(folded, 2 * c + each), d1 = at(folded, 2 * d + each)
    const outer = f32x4.add(a1, b1), inner = f32x4.add(c1, d1)
    const outerTurned = f32x4.mul(f32x4.sub(a1, b1), less), innerTurned = f32x4.mul(f32x4.sub(c1, d1), more)
    const second = f32x4.add(innerTurned, outerTurned)
    put(to, place + each, f32x4.add(inner, outer))
    put(to, place + each + 4, second)
    put(to, place + each + 8, turned(f32x4.sub(outer, inner)))
    put(to, place + each + 12, f32x4.sub(turned(f32x4.sub(outerTurned, innerTurned)), second))
  }
}

/** From each of a list, so many places apart, the one before is taken away. */
@inline
function chain(list: usize, first: usize, apart: usize, end: usize): void {
  let before = at(list, first)
  for (let k = first + apart; k < end; k += apart) {
    before = f32x4.sub(at(list, k), before)
    put(list, k, before)
  }
}

/** Times the square root of 2, with more digits than are kept. */
@inline
function turned(x: v128): v128 {
  const root = f64x2.splat(Math.SQRT2)
  const low = f64x2.mul(f64x2.promote_low_f32x4(x), root)
  const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), root)
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
}

/** The same, and something taken away before digits are lost. */
@inline
function turnedLess(x: v128, less: v128): v128 {
  const root = f64x2.splat(Math.SQRT2)
  const low = f64x2.mul(f64x2.promote_low_f32x4(x), root)
  const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), root)
  const lowLess = f64x2.sub(low, f64x2.promote_low_f32x4(less))
  const highLess = f64x2.sub(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(less, less, 1, 0)))
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(lowLess), f32x4.demote_f64x2_zero(highLess), 0, 2)
}

/** The last sums and differences, to four subbands at a time: by their numbers with the bits of it reversed. */
@inline
function interleave(room: usize, to: usize): void {
  const sums = room + SUMS, chained = room + CHAINED
  const negative = i32x4(0, i32.MIN_VALUE, 0, i32.MIN_VALUE)
  for (let k: usize = 0; k < 8; k++) {
    const reversed = ((k & 1) << 2) | (k & 2) | (k >> 2)
    const low = k << 1
    const high = <usize>14 - low
    turnFour(
      f32x4.add(at(sums, low), at(chained, low)),
      v128.xor(f32x4.add(at(sums, low + 1), at(chained, low + 1)), negative),
      f32x4.sub(at(sums, high + 1), at(chained, high + 1)),
      v128.xor(f32x4.sub(at(sums, high), at(chained, high)), negative),
      to + (reversed << 4),
      STEP,
    )
  }
}
