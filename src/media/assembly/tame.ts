/** Eight times full scale: no honest sound is louder, and encoders stand it. */
const LOUDEST: f32 = 8

/** Makes floats safe for an encoder, in place: what is no number is 0, what is beyond all measure as loud as may be. */
export function tame(from: usize, count: i32): void {
  const end = from + (<usize>count << 2)
  for (; from + 16 <= end; from += 16) v128.store(from, tamed(v128.load(from)))
  for (; from < end; from += 4) v128.store32_lane(from, tamed(v128.load32_zero(from)), 0)
}

@inline
function tamed(samples: v128): v128 {
  const numbers = v128.and(samples, f32x4.eq(samples, samples))
  return f32x4.pmin(f32x4.pmax(numbers, f32x4.splat(-LOUDEST)), f32x4.splat(LOUDEST))
}
