/** Where the room that our kernels have for themselves stands, in a page that nothing else uses. */
const ADDRESS: usize = 16

/** What lies in it, bytes; most of it four side by side. Whether the tables that follow are made. */
export const READY: usize = 0
/** Whose weights the rows hold, 0 for none. */
export const ARRANGED: usize = 4
/** Cosines and sines of the last stage of a transform, 128 each. */
export const COSINES: usize = 16
export const SINES: usize = COSINES + 512
/** See `spread.ts`. */
export const FACTORS: usize = SINES + 512
export const TIMES: usize = FACTORS + 48
/** The transforms of both channels, see `hartley.ts`. */
export const TRANSFORM: usize = TIMES + 160
export const TRANSFORM_BYTES: usize = 16 * 260
/** Of left, right, middle and side the energies of 513 lines and what becomes of them. */
export const LINES: usize = TRANSFORM + 2 * TRANSFORM_BYTES
export const TOTAL: usize = LINES + 16 * 513
export const LOUDNESS: usize = TOTAL + 16
/** By band, of which there are up to 64, one before and one behind them. */
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
/** Of each four bands the first and the last that reach one of them, and their weights by those, up to 16 times 64 of four. */
export const REACHED: usize = SPREAD + PER_BAND
export const ROWS: usize = REACHED + 128

/** How large it is. */
export function roomBytes(): i32 {
  return <i32>(ROWS + 16 * 64 * 16)
}

@inline
export function roomOf(): usize {
  return <usize>load<u32>(ADDRESS)
}
