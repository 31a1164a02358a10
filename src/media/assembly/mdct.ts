import { turnFour } from './four-by-four'
import { BLOCK_TYPE, stack } from './granule'

/** Whether the two lowest subbands of a granule have a block of another kind. */
const IS_MIXED: usize = 4792
const SHORT = 2
/** What LAME knows of the stream: how much of each subband is left by its low pass and high pass. */
const LEFT: usize = 37040
const NOTHING = 1e-12
/** Of each kind of block a window of 36; of short ones it is shorter, and behind it lie tangents and cosines for long ones. */
const WINDOWS: usize = 4976
const WINDOW = 144
const TANGENTS: usize = WINDOWS + <usize>(SHORT * WINDOW + 12)
const COSINES: usize = TANGENTS + 36
/** In which order subbands lie; of four, the latter two lie 16 behind the others. */
const ORDER: usize = 4848
const PLACES: usize = 18
const STEP: usize = 128

/** Room below the stack, four subbands side by side: 9 sums and 9 differences of the window, then 18 lines. */
const FOLDED: usize = 0
const TURNED: usize = 9 * 16
const LINES: usize = 18 * 16
const ROOM: usize = 36 * 16

/**
 * The MDCT of long blocks, and what subbands next to each other have in common taken out (alias reduction): 18 lines of each
 * of 32 subbands, four subbands at a time. `before`, `now`: the subbands of two granules, 18 steps each. 0: there are short
 * blocks, nothing has been done.
 */
export function mdct(gfc: usize, granule: usize, before: usize, now: usize): i32 {
  const kind = load<i32>(granule, BLOCK_TYPE)
  if (kind == SHORT || load<i32>(granule, IS_MIXED)) return 0
  const room = stack - ROOM
  const window = WINDOWS + <usize>(kind * WINDOW)
  for (let band: usize = 0; band < 32; band += 4) {
    const place = <usize>load<u32>(ORDER + (band << 2)) << 2
    const to = granule + band * 72
    if (filter(gfc + (band << 2), now + place)) {
      fold(room, window, before + place, now + place)
      transform(room)
      put(room + LINES, to)
    }
    for (let each: usize = 0; each < 4; each++)
      if (<f64>load<f32>(gfc + ((band + each) << 2), LEFT) < NOTHING) clear(to + each * 72)
  }
  for (let band: usize = 1; band < 32; band++) reduceAlias(granule + band * 72)
  return 1
}

/** Makes subbands softer that the filters leave less of. Whether anything is left of the four. */
@inline
function filter(gfc: usize, now: usize): bool {
  let isLeft = false
  for (let each: usize = 0; each < 4; each++) {
    const left = load<f32>(gfc + (each << 2), LEFT)
    if (<f64>left < NOTHING) continue
    isLeft = true
    if (left >= 1) continue
    const at = now + ((each & 1) << 2) + ((each >> 1) << 6)
    for (let step: usize = 0; step < PLACES; step++) store<f32>(at + step * STEP, left * load<f32>(at + step * STEP))
  }
  return isLeft
}

@inline
function clear(to: usize): void {
  for (let each: usize = 0; each < 64; each += 16) v128.store(to + each, i32x4.splat(0))
  store<u64>(to, 0, 64)
}

/** Of four subbands one step. */
@inline
function four(from: usize, step: usize): v128 {
  const at = from + step * STEP
  return v128.load64_lane(at + 64, v128.load64_zero(at), 1)
}

@inline
function windowed(from: usize, step: usize, window: usize, place: usize): v128 {
  return f32x4.mul(four(from, step), v128.load32_splat(window + (place << 2)))
}

/** 36 steps times window, folded to 9 and 9, and these turned against each other. */
@inline
function fold(room: usize, window: usize, before: usize, now: usize): void {
  for (let k: usize = 0; k < 9; k++) {
    const sum = f32x4.add(windowed(now, k, window, 18 + k), windowed(now, 17 - k, window, 27 + k))
    const less = f32x4.sub(windowed(before, k, window, k), windowed(before, 17 - k, window, 9 + k))
    const tangent = v128.load32_splat(TANGENTS + (k << 2))
    v128.store(room + (k << 4), f32x4.sub(sum, f32x4.mul(less, tangent)), FOLDED)
    v128.store(room + (k << 4), f32x4.add(f32x4.mul(sum, tangent), less), TURNED)
  }
}

@inline
function at(list: usize, place: usize): v128 {
  return v128.load(list + (place << 4))
}

@inline
function times(x: v128, cosine: usize): v128 {
  return f32x4.mul(x, v128.load32_splat(COSINES + (cosine << 2)))
}

/** Two lines, of the sum of both and of what the second has more than the first. */
@inline
function line(to: usize, place: usize, one: v128, other: v128): void {
  v128.store(to + (place << 4), f32x4.add(one, other))
  v128.store(to + (place << 4), f32x4.sub(other, one), 16)
}

/** What is nearest to the middle, and three others, each times a cosine. */
@inline
function sum(middle: v128, one: v128, two: v128, three: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.add(middle, one), two), three)
}

/** The cosine transform of 18: of one list the even and the odd, of the other the odd and the even. */
@inline
function transform(room: usize): void {
  const u = room + FOLDED, v = room + TURNED, to = room + LINES
  evenLines(u, to, f32x4.sub(at(v, 8), at(v, 0)), f32x4.sub(at(v, 7), at(v, 1)), f32x4.sub(at(v, 6), at(v, 2)), f32x4.sub(at(v, 5), at(v, 3)))
  oddLines(v, to, f32x4.sub(at(u, 8), at(u, 0)), f32x4.sub(at(u, 7), at(u, 1)), f32x4.sub(at(u, 6), at(u, 2)), f32x4.sub(at(u, 3), at(u, 5)))
}

/** Lines 1, 2, 5, 6 and so on, and 17. */
@inline
function evenLines(u: usize, to: usize, o0: v128, unturned: v128, o2: v128, o3: v128): void {
  const e0 = f32x4.add(at(u, 0), at(u, 8)), e1 = f32x4.add(at(u, 1), at(u, 7))
  const e2 = f32x4.add(at(u, 2), at(u, 6)), e3 = f32x4.add(at(u, 3), at(u, 5))
  const middle = f32x4.sub(e1, at(u, 4)), rest = f32x4.sub(f32x4.add(e0, e2), e3)
  const half = f32x4.add(times(e1, 7), at(u, 4)), o1 = times(unturned, 6)
  line(
    to,
    1,
    sum(half, times(f32x4.neg(e0), 4), times(f32x4.neg(e2), 5), times(e3, 3)),
    sum(o1, times(o0, 0), times(o2, 1), times(o3, 2)),
  )
  line(to, 5, f32x4.add(times(rest, 7), middle), times(f32x4.sub(f32x4.sub(o0, o2), o3), 6))
  line(
    to,
    9,
    sum(half, times(f32x4.neg(e0), 5), times(f32x4.neg(e2), 3), times(e3, 4)),
    sum(f32x4.neg(o1), times(o0, 1), times(f32x4.neg(o2), 2), times(o3, 0)),
  )
  line(
    to,
    13,
    sum(f32x4.neg(half), times(e0, 3), times(e2, 4), times(f32x4.neg(e3), 5)),
    sum(f32x4.neg(o1), times(o0, 2), times(o2, 0), times(f32x4.neg(o3), 1)),
  )
  v128.store(to, f32x4.sub(rest, middle), 17 * 16)
}

/** Lines 3, 4, 7, 8 and so on, and 0. */
@inline
function oddLines(v: usize, to: usize, o0: v128, unturned: v128, o2: v128, o3: v128): void {
  const e0 = f32x4.add(at(v, 8), at(v, 0)), e1 = f32x4.add(at(v, 7), at(v, 1))
  const e2 = f32x4.add(at(v, 6), at(v, 2)), e3 = f32x4.add(at(v, 5), at(v, 3))
  const middle = f32x4.add(e1, at(v, 4)), rest = f32x4.add(f32x4.add(e0, e2), e3)
  const half = f32x4.sub(at(v, 4), times(e1, 7)), o1 = times(unturned, 6)
  v128.store(to, f32x4.add(rest, middle))
  line(
    to,
    3,
    sum(o1, times(o0, 2), times(o2, 0), times(f32x4.neg(o3), 1)),
    sum(f32x4.neg(half), times(e0, 3), times(e2, 4), times(e3, 5)),
  )
  line(
    to,
    7,
    sum(o1, times(o0, 1), times(f32x4.neg(o2), 2), times(o3, 0)),
    sum(half, times(f32x4.neg(e0), 5), times(f32x4.neg(e2), 3), times(f32x4.neg(e3), 4)),
  )
  line(to, 11, times(f32x4.sub(f32x4.sub(o0, o2), o3), 6), f32x4.sub(times(rest, 7), middle))
  line(
    to,
    15,
    sum(f32x4.neg(o1), times(o0, 0), times(o2, 1), times(o3, 2)),
    sum(half, times(f32x4.neg(e0), 4), times(f32x4.neg(e2), 5), times(f32x4.neg(e3), 3)),
  )
}

/** Of four subbands their 18 lines each. */
@inline
function put(from: usize, to: usize): void {
  for (let place: usize = 0; place < 16; place += 4)
    turnFour(at(from, place), at(from, place + 1), at(from, place + 2), at(from, place + 3), to + (place << 2), 72)
  const low = v128.shuffle<i32>(at(from, 16), at(from, 17), 0, 4, 1, 5)
  const high = v128.shuffle<i32>(at(from, 16), at(from, 17), 2, 6, 3, 7)
  v128.store64_lane(to, low, 0, 64)
  v128.store64_lane(to, low, 1, 64 + 72)
  v128.store64_lane(to, high, 0, 64 + 2 * 72)
  v128.store64_lane(to, high, 1, 64 + 3 * 72)
}

/** Butterflies of the first eight lines of a subband with the last eight of the one below, from the border outwards. */
@inline
function reduceAlias(subband: usize): void {
  exchange(
    subband,
    subband - 16,
    f32x4(0.9833146, 0.94962865, 0.881742, 0.8574929),
    f32x4(0.1819132, 0.31337744, 0.47173196, 0.51449573),
  )
  exchange(
    subband + 16,
    subband - 32,
    f32x4(0.99999315, 0.9998992, 0.9991606, 0.9955178),
    f32x4(0.0036999746, 0.014198569, 0.040965583, 0.09457419),
  )
}

@inline
function exchange(up: usize, down: usize, own: v128, others: v128): void {
  const above = v128.load(up), below = v128.load(down)
  const mirrored = v128.shuffle<i32>(above, above, 3, 2, 1, 0)
  const mixed = f32x4.add(f32x4.mul(mirrored, own), f32x4.mul(below, others))
  v128.store(down, f32x4.sub(f32x4.mul(below, own), f32x4.mul(mirrored, others)))
  v128.store(up, v128.shuffle<i32>(mixed, mixed, 3, 2, 1, 0))
}
