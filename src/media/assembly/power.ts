import { LARGEST_POWER } from './granule'

/** The spectrum to the power of 3/4, from 0 to `upper`, its largest value, and the sum of the spectrum itself. */
export function power(granule: usize, to: usize, upper: i32, total: usize): void {
  let sum = f32x4.splat(0)
  let most = f32x4.splat(load<f32>(granule, LARGEST_POWER))
  const end = granule + (<usize>(upper + 1) << 2)
  let at = granule
  for (; at + 16 <= end; at += 16, to += 16) {
    const x = f32x4.abs(v128.load(at))
    const both = v128.shuffle<i64>(raised(x), raised(v128.shuffle<i64>(x, x, 1, 0)), 0, 2)
    sum = f32x4.add(sum, x)
    most = f32x4.pmax(most, both)
    v128.store(to, both)
  }
  for (; at < end; at += 4, to += 4) {
    const x = f32x4.abs(v128.load32_zero(at))
    sum = f32x4.add(sum, x)
    most = f32x4.pmax(most, raised(x))
    v128.store32_lane(to, raised(x), 0)
  }
  sum = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1))
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1))
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2))
  store<f32>(total, f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1))
  store<f32>(granule, f32x4.extract_lane(most, 0), LARGEST_POWER)
}

/** Two values, with the digits that LAME takes for it. */
@inline
function raised(x: v128): v128 {
  const wide = f64x2.promote_low_f32x4(x)
  return f32x4.demote_f64x2_zero(f64x2.sqrt(f64x2.mul(f64x2.sqrt(wide), wide)))
}
