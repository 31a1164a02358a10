/**
 * True peak: the loudest that a signal gets between its samples too, by four times as many of them (ITU-R BS.1770-5,
 * annex 2: at least 192 kHz at 48 kHz). The filter is a sinc under a Kaiser window, 12 taps for each of the three places
 * between two samples; the fourth is the sample itself.
 */
const TAPS = 12
const HALF = TAPS / 2
/** Samples that a part repeats of the one before, so that nothing between them is missed. */
export const REACHED = TAPS
const BETA = 5

/** Modified Bessel function of the first kind, order 0: its series converges in a few steps for arguments like these. */
function bessel0(x: number): number {
  let [sum, term] = [1, 1]
  for (let step = 1; step < 25; step++) {
    term *= (x / (2 * step)) ** 2
    sum += term
  }
  return sum
}

/** The taps for a place between two samples, as a part of their distance. */
function filterFor(place: number): Float64Array {
  const taps = Float64Array.from({ length: TAPS }, (_, tap) => {
    const x = tap - HALF + 1 - place
    return (
      (Math.sin(Math.PI * x) / (Math.PI * x)) *
      (bessel0(BETA * Math.sqrt(1 - (x / HALF) ** 2)) / bessel0(BETA))
    )
  })
  const gain = taps.reduce((sum, each) => sum + each, 0)
  return taps.map((each) => each / gain)
}

const PLACES = [1 / 4, 1 / 2, 3 / 4].map(filterFor)
/** One place behind the other. */
export const ALL_TAPS = Float32Array.from(PLACES.flatMap((taps) => [...taps]))
/** No place between samples is louder than the loudest of its samples times this. */
export const REACH = Math.max(...PLACES.map((taps) => taps.reduce((sum, each) => sum + Math.abs(each), 0)))
