import { amongFour } from './gathered'
import {
  BLOCK_TYPE,
  GLOBAL_GAIN,
  PREFLAG,
  SCALEFACTOR_SCALE,
  SCALEFACTORS,
  SHORT,
  SUBBLOCK_GAIN,
  WINDOWS,
} from './granule'

/** What is added to the scale factors of bands where a granule says so: 32 bits each. */
const PREEMPHASIS: usize = 9888

/** The quantizer steps of four bands, in quarters of a power of two; `at`: the first of them, by four bytes. */
@inline
export function stepsOf(granule: usize, at: usize): v128 {
  let factors = v128.load(granule + at, SCALEFACTORS)
  if (load<i32>(granule, PREFLAG)) factors = i32x4.add(factors, v128.load(PREEMPHASIS + at))
  let gains = v128.load32_splat(granule, SUBBLOCK_GAIN + 12)
  if (load<i32>(granule, BLOCK_TYPE) == SHORT)
    gains = amongFour(v128.load(granule, SUBBLOCK_GAIN), v128.load(granule + at, WINDOWS))
  const lower = i32x4.add(i32x4.shl(factors, load<i32>(granule, SCALEFACTOR_SCALE) + 1), i32x4.shl(gains, 3))
  return i32x4.sub(v128.load32_splat(granule, GLOBAL_GAIN), lower)
}
