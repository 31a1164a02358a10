import { LONE } from './hartley'
import { kept } from './kept'

/**
 * The energies of 513 lines of left, right, middle and side, these four side by side, of what `transform` left of two
 * channels. An element of the transform and its partner are the sum and the difference of a line's two parts.
 */
@inline
export function energies(left: usize, right: usize, to: usize): void {
  const first = to, quarter = to + 16 * 256, half = to + 16 * 512
  let back = 16 * 253
  for (let at: usize = 0; at < 16 * 128; at += 64, back -= 64) {
    const l = left + at, r = right + at, L = left + back, R = right + back
    four(v128.load(l), v128.load(L, 48), v128.load(r), v128.load(R, 48), first + at, 16)
    four(v128.load(L), v128.load(l, 48), v128.load(R), v128.load(r, 48), quarter - at, -16)
    four(v128.load(l, 16), v128.load(L, 32), v128.load(r, 16), v128.load(R, 32), quarter + at, 16)
    four(v128.load(L, 16), v128.load(l, 32), v128.load(R, 16), v128.load(r, 32), half - at, -16)
  }
  const l = v128.load(left, LONE), L = v128.load(left, LONE + 16)
  const r = v128.load(right, LONE), R = v128.load(right, LONE + 16)
  four(
    v128.shuffle<i32>(l, L, 0, 4, 1, 5),
    v128.shuffle<i32>(l, L, 0, 7, 3, 6),
    v128.shuffle<i32>(r, R, 0, 4, 1, 5),
    v128.shuffle<i32>(r, R, 0, 7, 3, 6),
    to,
    16 * 128,
  )
  const last = v128.load32_splat(left, LONE + 8), lastRight = v128.load32_splat(right, LONE + 8)
  four(last, last, lastRight, lastRight, half, 0)
}

/** Of four lines, `step` bytes from one to the next. */
@inline
function four(l: v128, lPartner: v128, r: v128, rPartner: v128, to: usize, step: usize): void {
  const share = kept(0.70710677), half = kept(0.5)
  const a = energy(l, lPartner, half), b = energy(r, rPartner, half)
  const c = energy(
    f32x4.mul(f32x4.add(l, r), share),
    f32x4.mul(f32x4.add(lPartner, rPartner), share),
    half,
  )
  const d = energy(
    f32x4.mul(f32x4.sub(l, r), share),
    f32x4.mul(f32x4.sub(lPartner, rPartner), share),
    half,
  )
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2))
  v128.store(to + step, v128.shuffle<i64>(ab, cd, 1, 3))
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(to + 2 * step, v128.shuffle<i64>(AB, CD, 0, 2))
  v128.store(to + 3 * step, v128.shuffle<i64>(AB, CD, 1, 3))
}

@inline
function energy(x: v128, partner: v128, half: v128): v128 {
  return f32x4.mul(f32x4.add(f32x4.mul(x, x), f32x4.mul(partner, partner)), half)
}
