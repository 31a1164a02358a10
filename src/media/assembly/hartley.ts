import { kept } from './kept'

/** LAME's own: the cosine and the sine of the first angle of each stage; eight bits in reverse, for numbers below 128, bytes. */
const ANGLES: usize = 9232
const LAST_ANGLE: usize = ANGLES + 24
const REVERSED: usize = 9104
const SQRT2: f64 = 1.4142135623730951
const QUARTER: i32 = 256

/** Where the elements lie that have no partner: 0, 256, 512, 768, then 128, 384, 640, 896. */
export const LONE: usize = 16 * 258

/** The cosines and sines of the last stage, each found from the one before it as LAME does. */
export function findAngles(cosines: usize, sines: usize): void {
  const cosine = load<f32>(LAST_ANGLE), sine = load<f32>(LAST_ANGLE, 4)
  let c = cosine, s = sine
  store<v128>(cosines, f32x4.splat(0))
  store<v128>(sines, f32x4.splat(0))
  for (let at: usize = 4; at < 512; at += 4) {
    store<f32>(cosines + at, c)
    store<f32>(sines + at, s)
    const next = c * cosine - s * sine
    s = c * sine + cosine * s
    c = next
  }
}

/**
 * The Hartley transform of 1024 windowed samples, in stages that each make one transform of four. Until the last stage it is
 * four transforms of 256, side by side: 0, 2, 1 and 3, so that none has to be moved. The last stage leaves four elements that
 * follow each other side by side: of those from i on, where i is a multiple of four below 128, there lie at 16 i those of
 * i, 256 + i, 512 + i and 768 + i, and at 16 (253 - i) those of 256 - i, 512 - i, 768 - i and 1024 - i, backwards.
 */
@inline
export function transform(window: usize, samples: usize, to: usize, cosines: usize, sines: usize): void {
  for (let step = 0; step < 64; step++, window += 16, samples += 16)
    begin(window, samples, to + (<usize>load<u8>(REVERSED + step) << 4))
  stage(to, ANGLES, 4 * 16)
  stage(to, ANGLES + 8, 16 * 16)
  stage(to, ANGLES + 16, 64 * 16)
  lone(to)
  const one = kept(1)
  v128.store(to, f32x4.splat(0), 16 * QUARTER)
  let forward = to, backward = to + 16 * (QUARTER - 3)
  for (let at: usize = 0; at < 512; at += 16, forward += 64, backward -= 64) {
    const c = v128.load(cosines + at), s = v128.load(sines + at)
    const twice = f32x4.add(s, s)
    const a = v128.load(forward), b = v128.load(forward, 16), p = v128.load(forward, 32), q = v128.load(forward, 48)
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), pq = v128.shuffle<i32>(p, q, 0, 4, 1, 5)
    const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), PQ = v128.shuffle<i32>(p, q, 2, 6, 3, 7)
    const d = v128.load(backward, 48), e = v128.load(backward, 32), m = v128.load(backward, 16), n = v128.load(backward)
    const de = v128.shuffle<i32>(d, e, 0, 4, 1, 5), mn = v128.shuffle<i32>(m, n, 0, 4, 1, 5)
    const DE = v128.shuffle<i32>(d, e, 2, 6, 3, 7), MN = v128.shuffle<i32>(m, n, 2, 6, 3, 7)
    turn(
      forward,
      backward,
      16,
      v128.shuffle<i64>(ab, pq, 0, 2),
      v128.shuffle<i64>(AB, PQ, 0, 2),
      v128.shuffle<i64>(ab, pq, 1, 3),
      v128.shuffle<i64>(AB, PQ, 1, 3),
      v128.shuffle<i64>(de, mn, 0, 2),
      v128.shuffle<i64>(DE, MN, 0, 2),
      v128.shuffle<i64>(de, mn, 1, 3),
      v128.shuffle<i64>(DE, MN, 1, 3),
      c,
      s,
      f32x4.sub(one, f32x4.mul(twice, s)),
      f32x4.mul(c, twice),
    )
  }
}

/** Windows samples and transforms four that lie 256 apart. */
@inline
function begin(window: usize, samples: usize, to: usize): void {
  const a = f32x4.mul(v128.load(window), v128.load(samples))
  const b = f32x4.mul(v128.load(window, 2048), v128.load(samples, 2048))
  const c = f32x4.mul(v128.load(window, 1024), v128.load(samples, 1024))
  const d = f32x4.mul(v128.load(window, 3072), v128.load(samples, 3072))
  const ab = f32x4.add(a, b), cd = f32x4.add(c, d)
  v128.store(to, f32x4.add(ab, cd))
  v128.store(to, f32x4.sub(ab, cd), 32)
  const AB = f32x4.sub(a, b), CD = f32x4.sub(c, d)
  v128.store(to, f32x4.add(AB, CD), 16)
  v128.store(to, f32x4.sub(AB, CD), 48)
}

/** One stage; `row`: bytes of one of the transforms that are there. */
@inline
function stage(from: usize, angle: usize, row: usize): void {
  const end = from + 16 * QUARTER
  for (let at = from; at < end; at += 4 * row) begin4(at, at + row / 2, row)
  const one = kept(1)
  const cosine = v128.load32_splat(angle), sine = v128.load32_splat(angle, 4)
  let c = cosine, s = sine
  for (let up = from + 16, down = from + row - 16; up < down; up += 16, down -= 16) {
    const twice = f32x4.add(s, s)
    const c2 = f32x4.sub(one, f32x4.mul(twice, s)), s2 = f32x4.mul(c, twice)
    for (let f = up, g = down; f < end; f += 4 * row, g += 4 * row)
      turn(
        f,
        g,
        row,
        v128.load(f),
        v128.load(f + row),
        v128.load(f + 2 * row),
        v128.load(f + 3 * row),
        v128.load(g),
        v128.load(g + row),
        v128.load(g + 2 * row),
        v128.load(g + 3 * row),
        c,
        s,
        c2,
        s2,
      )
    const next = f32x4.sub(f32x4.mul(c, cosine), f32x4.mul(s, sine))
    s = f32x4.add(f32x4.mul(c, sine), f32x4.mul(cosine, s))
    c = next
  }
}

/** The elements without partners, of all transforms. */
@inline
function begin4(f: usize, g: usize, row: usize): void {
  const f0 = v128.load(f), f1 = v128.load(f + row), f2 = v128.load(f + 2 * row), f3 = v128.load(f + 3 * row)
  const sum01 = f32x4.add(f0, f1), sum23 = f32x4.add(f2, f3)
  const less01 = f32x4.sub(f0, f1), less23 = f32x4.sub(f2, f3)
  v128.store(f, f32x4.add(sum01, sum23))
  v128.store(f + row, f32x4.add(less01, less23))
  v128.store(f + 2 * row, f32x4.sub(sum01, sum23))
  v128.store(f + 3 * row, f32x4.sub(less01, less23))
  const g0 = v128.load(g), g1 = v128.load(g + row)
  const g2 = timesSqrt2(v128.load(g + 2 * row)), g3 = timesSqrt2(v128.load(g + 3 * row))
  const sum = f32x4.add(g0, g1), less = f32x4.sub(g0, g1)
  v128.store(g, f32x4.add(sum, g2))
  v128.store(g + row, f32x4.add(less, g3))
  v128.store(g + 2 * row, f32x4.sub(sum, g2))
  v128.store(g + 3 * row, f32x4.sub(less, g3))
}

/** With as many digits as LAME takes for it. */
@inline
function timesSqrt2(x: v128): v128 {
  const by = f64x2.splat(SQRT2)
  const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(x), by))
  const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), by))
  return v128.shuffle<i64>(low, high, 0, 2)
}

/** The same for the last stage. */
@inline
function lone(at: usize): void {
  const f0 = load<f32>(at), f1 = load<f32>(at, 8), f2 = load<f32>(at, 4), f3 = load<f32>(at, 12)
  store<f32>(at, f0 + f1 + (f2 + f3), LONE)
  store<f32>(at, f0 - f1 + (f2 - f3), LONE + 4)
  store<f32>(at, f0 + f1 - (f2 + f3), LONE + 8)
  store<f32>(at, f0 - f1 - (f2 - f3), LONE + 12)
  const middle = at + 16 * (QUARTER / 2)
  const g0 = load<f32>(middle), g1 = load<f32>(middle, 8)
  const g2 = <f32>(<f64>load<f32>(middle, 4) * SQRT2), g3 = <f32>(<f64>load<f32>(middle, 12) * SQRT2)
  store<f32>(at, g0 + g1 + g2, LONE + 16)
  store<f32>(at, g0 - g1 + g3, LONE + 20)
  store<f32>(at, g0 + g1 - g2, LONE + 24)
  store<f32>(at, g0 - g1 - g3, LONE + 28)
}

/** A butterfly: elements from the front and the back of four transforms, turned by an angle (c, s) and by twice that. */
@inline
function turn(
  f: usize,
  g: usize,
  row: usize,
  f0: v128,
  f1: v128,
  f2: v128,
  f3: v128,
  g0: v128,
  g1: v128,
  g2: v128,
  g3: v128,
  c: v128,
  s: v128,
  c2: v128,
  s2: v128,
): void {
  const p1 = f32x4.add(f32x4.mul(c2, f1), f32x4.mul(s2, g1)), q1 = f32x4.sub(f32x4.mul(s2, f1), f32x4.mul(c2, g1))
  const p3 = f32x4.add(f32x4.mul(c2, f3), f32x4.mul(s2, g3)), q3 = f32x4.sub(f32x4.mul(s2, f3), f32x4.mul(c2, g3))
  const a = f32x4.add(f2, p3), b = f32x4.sub(g2, q3)
  const sum = f32x4.add(f0, p1), turned = f32x4.add(f32x4.mul(c, a), f32x4.mul(s, b))
  v128.store(f + 2 * row, f32x4.sub(sum, turned))
  v128.store(f, f32x4.add(sum, turned))
  const less = f32x4.sub(g0, q1), across = f32x4.sub(f32x4.mul(s, a), f32x4.mul(c, b))
  v128.store(g + 3 * row, f32x4.sub(less, across))
  v128.store(g + row, f32x4.add(less, across))
  const d = f32x4.add(g2, q3), e = f32x4.sub(f2, p3)
  const sumBack = f32x4.add(g0, q1), turnedBack = f32x4.add(f32x4.mul(s, d), f32x4.mul(c, e))
  v128.store(g + 2 * row, f32x4.sub(sumBack, turnedBack))
  v128.store(g, f32x4.add(sumBack, turnedBack))
  const lessBack = f32x4.sub(f0, p1), acrossBack = f32x4.sub(f32x4.mul(c, d), f32x4.mul(s, e))
  v128.store(f + 3 * row, f32x4.sub(lessBack, acrossBack))
  v128.store(f + row, f32x4.add(lessBack, acrossBack))
}
