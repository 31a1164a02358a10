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

const [QUARTER, MIDDLE, THREE_QUARTERS] = [filterFor(1 / 4), filterFor(1 / 2), filterFor(3 / 4)]
/** No place between samples is louder than the loudest of its samples times this. */
const REACH = MIDDLE.reduce((sum, each) => sum + Math.abs(each), 0)
/** Samples that are looked at together: where they are quiet nothing is computed. First many, then few of them. */
const STRIDES = [128, 16] as const

/** The louder of `known` and the true peak of `samples`; 1 is full scale. What lies beyond their ends is not seen. */
export function truePeak(samples: Float32Array, known = 0): number {
  const [many, few] = STRIDES
  let peak = known
  for (let start = 0; start < samples.length; start += many) {
    if (isQuiet(samples, start, start + many, peak)) continue
    for (let at = start; at < start + many; at += few) {
      if (isQuiet(samples, at, at + few, peak)) continue
      peak = Math.max(peak, loudestOf(samples, at, at + few), loudestBetween(samples, at, at + few))
    }
  }
  return peak
}

/** Can nothing between these samples be louder than the peak? */
const isQuiet = (samples: Float32Array, from: number, to: number, peak: number) =>
  loudestOf(samples, from - HALF, to + HALF) * REACH <= peak

function loudestOf(samples: Float32Array, from: number, to: number): number {
  let loudest = 0
  const end = Math.min(to, samples.length)
  for (let place = Math.max(0, from); place < end; place++) {
    const level = Math.abs(samples[place] as number)
    if (level > loudest) loudest = level
  }
  return loudest
}

/** All three places between two samples in one go: it is the loop that everything waits for. */
function loudestBetween(samples: Float32Array, from: number, to: number): number {
  let loudest = 0
  const end = Math.min(to, samples.length - HALF)
  for (let place = Math.max(HALF - 1, from); place < end; place++) {
    let [first, second, third] = [0, 0, 0]
    for (let tap = 0; tap < TAPS; tap++) {
      const sample = samples[place + tap - HALF + 1] as number
      first += (QUARTER[tap] as number) * sample
      second += (MIDDLE[tap] as number) * sample
      third += (THREE_QUARTERS[tap] as number) * sample
    }
    loudest = Math.max(loudest, Math.abs(first), Math.abs(second), Math.abs(third))
  }
  return loudest
}
