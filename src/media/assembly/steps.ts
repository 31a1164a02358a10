import { amongFour } from './gathered'
import { GLOBAL_GAIN, PREFLAG, SCALEFACTOR_SCALE, SCALEFACTORS, SUBBLOCK_GAIN, WINDOWS } from './granule'

/** What is added to the scale factors of bands where a granule says so: 32 bits each. */
const PREEMPHASIS: usize = 9888

/** The quantizer steps of four bands, in quarters of a power of two; `at`: the first of them, by four bytes. */
@inline
export function stepsOf(granule: usize, at: usize): v128 {
  let factors = v128.load(granule + at, SCALEFACTORS)
  if (load<i32>(granule, PREFLAG)) factors = i32x4.add(factors, v128.load(PREEMPHASIS + at))
  const lower = i32x4.shl(factors, load<i32>(granule, SCALEFACTOR_SCALE) + 1)
  const gains = i32x4.shl(amongFour(v128.load(granule, SUBBLOCK_GAIN), v128.load(granule + at, WINDOWS)), 3)
  return i32x4.sub(v128.load32_splat(granule, GLOBAL_GAIN), i32x4.add(lower, gains))
}
