/** Where the room that our kernels have for themselves stands, in a page that nothing else uses. */
const ADDRESS: usize = 16

/** What lies in it, bytes; each four side by side. `READY`: whether the table is made. */
export const READY: usize = 0
/** Cosines and sines of the last stage of a transform, 128 each. */
export const COSINES: usize = 16
export const SINES: usize = COSINES + 512
/** The transforms of both channels, see `hartley.ts`. */
export const TRANSFORM: usize = SINES + 512
export const TRANSFORM_BYTES: usize = 16 * 260
/** Of left, right, middle and side: the energies of 513 lines, then what is known of bands, of which there are up to 64, one before and one behind them. */
export const LINES: usize = TRANSFORM + 2 * TRANSFORM_BYTES
export const TOTAL: usize = LINES + 16 * 513
export const LOUDNESS: usize = TOTAL + 16
const PER_BAND: usize = 16 * 66
export const SUMS: usize = LOUDNESS + 32
export const PEAKS: usize = SUMS + PER_BAND
export const MEANS: usize = PEAKS + PER_BAND
export const TONALITIES: usize = MEANS + PER_BAND
/** Of all bands before. */
export const TONALITIES_BEFORE: usize = TONALITIES + PER_BAND
export const GAINS: usize = TONALITIES_BEFORE + PER_BAND
export const MASKS: usize = GAINS + PER_BAND
export const SPREAD: usize = MASKS + PER_BAND

@inline
export function roomOf(): usize {
  return <usize>load<u32>(ADDRESS)
}
