import { gathered } from './gathered'
import { kept } from './kept'

/** What LAME adds to a value before it is rounded, by what it would be rounded to without it; 32-bit floats. */
const ADDENDS: usize = 67152
/** A float as large as that has no digits behind its point, and its lowest bits are the number itself. */
const WHOLE: f32 = 8388608

/**
 * Scales values, which are powers of 3/4 and not below zero, and rounds them so that what is lost is least when they are
 * raised again. Where the border between m - 1/2 and m + 1/2 is to lie follows nearly from m, and without a table:
 * 1/24 of 1/m below the middle. Values so close to it that this may be wrong get what LAME itself adds.
 */
@inline
export function quantize(count: i32, scale: f32, from: usize, to: usize): void {
  const by = f32x4.splat(scale)
  const whole = kept(WHOLE), half = kept(0.5), one = kept(1), linear = kept(0.0416667), cubic = kept(0.001409)
  const close = kept(0.499)
  const end = from + (<usize>count << 2)
  for (; from < end; from += 16, to += 16) {
    const isFour = from + 16 <= end
    const x = f32x4.mul(isFour ? v128.load(from) : v128.load64_zero(from), by)
    const nearest = f32x4.add(x, whole)
    const middle = f32x4.div(one, f32x4.pmax(half, f32x4.sub(f32x4.sub(nearest, whole), half)))
    const less = f32x4.mul(middle, f32x4.add(linear, f32x4.mul(f32x4.mul(middle, middle), cubic)))
    const y = f32x4.sub(x, less)
    let rounded = f32x4.add(y, whole)
    const lost = f32x4.abs(f32x4.sub(f32x4.sub(rounded, whole), y))
    if (v128.any_true(f32x4.gt(lost, close))) rounded = byTable(x, i32x4.sub(nearest, whole))
    if (isFour) v128.store(to, i32x4.sub(rounded, whole))
    else v128.store64_lane(to, i32x4.sub(rounded, whole), 0)
  }
}

/** As LAME does it: with as many digits. */
@inline
function byTable(x: v128, nearest: v128): v128 {
  const addend = gathered(ADDENDS, nearest)
  const low = twoByTable(x, addend)
  const high = twoByTable(v128.shuffle<i64>(x, x, 1, 0), v128.shuffle<i64>(addend, addend, 1, 0))
  return v128.shuffle<i64>(low, high, 0, 2)
}

@inline
function twoByTable(x: v128, addend: v128): v128 {
  const scaled = f64x2.add(f64x2.promote_low_f32x4(x), f64x2.splat(WHOLE))
  return f32x4.demote_f64x2_zero(f64x2.add(scaled, f64x2.promote_low_f32x4(addend)))
}
