import { LARGEST_POWER } from './granule'

/** Of a granule: scale factors; whether they go by two steps; how many bands, and how wide each is. */
const SCALE_FACTORS: usize = 4608
const ARE_COARSE: usize = 4836
const BANDS: usize = 4860
const WIDTHS: usize = 4872
/** What LAME knows of the stream: which bands are to be made louder; whether by half steps, and of each whether it had one. */
const CHOICE: usize = 44
const HALVES: usize = 85096
const HAD_HALF: usize = 84936
const HAVE_HALVES = 2
/** The loudest; those from the middle between it and what may be heard; of two passes the one, then the other. */
const LOUDEST = 2
const MIDDLE = 1
const BY_PASS = 3
/** A step of a scale factor, or two of them, to the power of 3/4. */
const FINE: f32 = 1.2968396
const COARSE: f32 = 1.6817929

/**
 * Gives one more step to the scale factor of each band whose noise is to be heard the most, and multiplies by it what the
 * spectrum is to the power of 3/4. `noise`: of each band, 1 is what may just not be heard. `pass`: 1 or 2.
 */
export function amplify(gfc: usize, granule: usize, noise: usize, powers: usize, pass: i32): void {
  const bands = load<i32>(granule, BANDS)
  const known = load<i32>(gfc, CHOICE)
  const choice = known == BY_PASS ? pass : known
  const least = threshold(noise, bands, choice)
  const step = load<i32>(granule, ARE_COARSE) ? COARSE : FINE
  let most = v128.load32_splat(granule, LARGEST_POWER)
  for (let band: usize = 0; band < <usize>bands; band++) {
    const place = band << 2
    const end = powers + (<usize>load<i32>(granule + place, WIDTHS) << 2)
    if (!(load<f32>(noise + place) < least)) {
      if (load<u8>(gfc, HALVES) & HAVE_HALVES) {
        const hadHalf = load<i32>(gfc + place, HAD_HALF)
        store<i32>(gfc + place, i32(!hadHalf), HAD_HALF)
        if (choice == LOUDEST && hadHalf) break
      }
      store<i32>(granule + place, load<i32>(granule + place, SCALE_FACTORS) + 1, SCALE_FACTORS)
      most = multiplied(powers, end, step, most)
      if (choice == LOUDEST) break
    }
    powers = end
  }
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1))
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2))
  v128.store32_lane(granule, most, 0, LARGEST_POWER)
}

/** Noise of which a band must have as much, to be made louder. */
@inline
function threshold(noise: usize, bands: i32, choice: i32): f32 {
  let most: f32 = 0
  for (let band: usize = 0; band < <usize>bands; band++) {
    const one = load<f32>(noise + (band << 2))
    most = most < one ? one : most
  }
  if (choice == LOUDEST) return most
  if (most > 1) return choice == MIDDLE ? sqrt<f32>(most) : 1
  return <f32>(<f64>most * 0.95)
}

/** The largest of the products, and of those before. */
@inline
function multiplied(from: usize, end: usize, by: f32, most: v128): v128 {
  const four = f32x4.splat(by)
  for (; from + 16 <= end; from += 16) {
    const product = f32x4.mul(v128.load(from), four)
    v128.store(from, product)
    most = f32x4.pmax(most, product)
  }
  for (; from < end; from += 4) {
    const product = f32x4.mul(v128.load32_zero(from), four)
    v128.store32_lane(from, product, 0)
    most = f32x4.pmax(most, product)
  }
  return most
}
