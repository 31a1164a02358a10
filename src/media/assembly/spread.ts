import { gathered } from './gathered'
import { GAINS, MASKS, roomOf, SPREAD, SUMS, TONALITIES, TONALITIES_BEFORE } from './room'

/** LAME's own, by tonality: gain, a float; within how many bands another is near. */
export const GAIN_OF: usize = 9312
const NEAR_WITHIN: usize = 9360
const NEAREST = 2
/** What the sum of two that are near is multiplied by, by how many times 10^(1/16) one is the other. */
const FACTOR: usize = 9408
/** 15 dB: between those that are not near, what is softer by more does not count. */
const FAR: f32 = 31.622776

/**
 * How loud each band of hearing is by all that spreads into it: the convolution of the psychoacoustic model. Each step of it
 * waits for the one before, so four channels go side by side.
 *
 * `weights`: of each band those of all that reach it, one band behind the other. `ranges`: of each band the first and the
 * last that reach it.
 */
@inline
export function spread(weights: usize, ranges: usize, bands: i32): void {
  const room = roomOf()
  for (let band = 0; band < bands; band++) {
    const at = room + (<usize>band << 4)
    const first = load<i32>(ranges + (<usize>band << 3)), last = load<i32>(ranges + (<usize>band << 3), 4)
    const within = gathered(NEAR_WITHIN, v128.load(at, TONALITIES))
    let sum = f32x4.splat(0)
    let other = room + (<usize>first << 4)
    for (let k = first; k <= last; k++, weights += 4, other += 16) {
      const energy = f32x4.mul(v128.load32_splat(weights), v128.load(other, SUMS))
      const more = f32x4.mul(energy, v128.load(other, GAINS))
      const added = f32x4.add(sum, more)
      const kept = beyond(sum, more, added)
      sum = abs(k - band) > NEAREST ? kept : near(sum, more, added, kept, abs(k - band), within)
    }
    // Of all these the mean tonality, whose gain takes its share; the dividend is odd, so a quotient is never close to a whole number.
    const reached = room + (<usize>(last + 1) << 4), before = room + (<usize>first << 4)
    const tonality = i32x4.sub(v128.load(reached, TONALITIES_BEFORE), v128.load(before, TONALITIES_BEFORE))
    const places = 2 * (last - first + 1)
    const odd = i32x4.add(i32x4.add(tonality, tonality), i32x4.splat(1))
    const mean = f32x4.div(f32x4.convert_i32x4_s(odd), f32x4.splat(<f32>places))
    const mask = f32x4.mul(gathered(GAIN_OF, i32x4.trunc_sat_f32x4_s(mean)), f32x4.splat(0.5))
    v128.store(at, mask, MASKS)
    v128.store(at, f32x4.mul(sum, mask), SPREAD)
  }
}

/** Added where neither is much louder; else the louder alone. */
@inline
function beyond(sum: v128, more: v128, added: v128): v128 {
  const far = f32x4.splat(FAR)
  const isHeard = f32x4.gt(f32x4.mul(more, far), sum)
  const hears = f32x4.gt(f32x4.mul(sum, far), more)
  return v128.bitselect(v128.bitselect(added, more, hears), sum, isHeard)
}

/** Where a band is near, both are added and what they have in common taken away. */
@inline
function near(sum: v128, more: v128, added: v128, kept: v128, distance: i32, within: v128): v128 {
  const louder = f32x4.pmax(sum, more), softer = f32x4.pmin(sum, more)
  let steps = over(louder, softer, 1.154782)
  steps = i32x4.add(steps, over(louder, softer, 1.3335214))
  steps = i32x4.add(steps, over(louder, softer, 1.5399265))
  steps = i32x4.add(steps, over(louder, softer, 1.7782794))
  steps = i32x4.add(steps, over(louder, softer, 2.053525))
  steps = i32x4.add(steps, over(louder, softer, 2.3713737))
  steps = i32x4.add(steps, over(louder, softer, 2.7384196))
  steps = i32x4.add(steps, over(louder, softer, 3.1622777))
  const factors = gathered(FACTOR, i32x4.neg(steps))
  const together = v128.bitselect(added, f32x4.mul(added, factors), over(louder, softer, 3.6517412))
  return v128.bitselect(together, kept, i32x4.le_s(i32x4.splat(distance), within))
}

/** All bits set where one is so many times the other. */
@inline
function over(louder: v128, softer: v128, times: f32): v128 {
  return f32x4.ge(louder, f32x4.mul(softer, f32x4.splat(times)))
}
