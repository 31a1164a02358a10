/** Full scale of 16 bits, as LAME itself scales floats. */
const FULL: f64 = 32767

/**
 * Floats, 1 is full scale, to whole numbers of 16 bits: what is cut off behind the point lies above zero. All are numbers,
 * none is above full scale.
 */
export function toWhole(from: usize, to: usize, count: i32): void {
  const end = from + (<usize>count << 2)
  for (; from + 16 <= end; from += 16, to += 8) v128.store64_lane(to, fourWhole(v128.load(from)), 0)
  for (; from < end; from += 4, to += 2) v128.store16_lane(to, twoWhole(v128.load32_zero(from)), 0)
}

/** The same for two channels side by side, each to a place of its own. `count`: of either. */
export function toWholePair(from: usize, left: usize, right: usize, count: i32): void {
  const end = from + (<usize>count << 3)
  for (; from + 32 <= end; from += 32, left += 8, right += 8) {
    const x = v128.load(from), y = v128.load(from, 16)
    v128.store64_lane(left, fourWhole(v128.shuffle<i32>(x, y, 0, 2, 4, 6)), 0)
    v128.store64_lane(right, fourWhole(v128.shuffle<i32>(x, y, 1, 3, 5, 7)), 0)
  }
  for (; from < end; from += 8, left += 2, right += 2) {
    const whole = twoWhole(v128.load64_zero(from))
    v128.store16_lane(left, whole, 0)
    v128.store16_lane(right, whole, 2)
  }
}

/** In the lower half. */
@inline
function fourWhole(x: v128): v128 {
  const whole = v128.shuffle<i64>(twoWhole(x), twoWhole(v128.shuffle<i64>(x, x, 1, 0)), 0, 2)
  return i16x8.narrow_i32x4_s(whole, whole)
}

@inline
function twoWhole(x: v128): v128 {
  const scaled = f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.splat(FULL))
  const above = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(scaled, f64x2.splat(FULL + 1.5)))
  return i32x4.sub(above, i32x4.splat(<i32>FULL + 1))
}
