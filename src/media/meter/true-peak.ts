/**
 * True peak: the loudest that a signal gets between its samples too, by four times as many of them (ITU-R BS.1770-5,
 * annex 2: at least 192 kHz at 48 kHz). The filter is a sinc under a Kaiser window, 12 taps for each of the three places
 * between two samples; the fourth is the sample itself.
 */
const PLACES = 4
const TAPS = 12
const HALF = TAPS / 2
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

const FILTERS: readonly Float64Array[] = Array.from({ length: PLACES - 1 }, (_, place) => {
  const taps = Float64Array.from({ length: TAPS }, (_, tap) => {
    const x = tap - HALF + 1 - (place + 1) / PLACES
    return (
      (Math.sin(Math.PI * x) / (Math.PI * x)) *
      (bessel0(BETA * Math.sqrt(1 - (x / HALF) ** 2)) / bessel0(BETA))
    )
  })
  const gain = taps.reduce((sum, each) => sum + each, 0)
  return taps.map((each) => each / gain)
})
/** No place between samples is louder than the loudest of its samples times this. */
const REACH = Math.max(...FILTERS.map((taps) => taps.reduce((sum, each) => sum + Math.abs(each), 0)))
/** Samples that are looked at together: where they are quiet nothing is computed. */
const STRIDE = 16

/** The louder of `known` and the true peak of `samples`; 1 is full scale. What lies beyond their ends is not seen. */
export function truePeak(samples: Float32Array, known = 0): number {
  let peak = known
  for (let start = 0; start < samples.length; start += STRIDE) {
    const end = Math.min(start + STRIDE, samples.length)
    const loudest = loudestOf(samples, start - HALF, end + HALF)
    if (loudest * REACH <= peak) continue
    peak = Math.max(peak, loudestOf(samples, start, end))
    for (const taps of FILTERS) peak = Math.max(peak, loudestBetween(samples, start, end, taps))
  }
  return peak
}

function loudestOf(samples: Float32Array, from: number, to: number): number {
  let loudest = 0
  const end = Math.min(to, samples.length)
  for (let place = Math.max(0, from); place < end; place++) {
    const level = Math.abs(samples[place] as number)
    if (level > loudest) loudest = level
  }
  return loudest
}

function loudestBetween(samples: Float32Array, from: number, to: number, taps: Float64Array): number {
  let loudest = 0
  const end = Math.min(to, samples.length - HALF)
  for (let place = Math.max(HALF - 1, from); place < end; place++) {
    let sum = 0
    for (let tap = 0; tap < TAPS; tap++)
      sum += (taps[tap] as number) * (samples[place + tap - HALF + 1] as number)
    const level = Math.abs(sum)
    if (level > loudest) loudest = level
  }
  return loudest
}

/** Listens to channels part by part, as if each were one; the loudest so far. */
export function createPeakMeter() {
  let peak = 0
  let ends: readonly Float32Array[] = []
  return {
    listen(parts: readonly Float32Array[]): void {
      for (const [channel, samples] of parts.entries()) {
        const seam = Float32Array.from([...(ends[channel] ?? []), ...samples.subarray(0, TAPS)])
        peak = truePeak(samples, truePeak(seam, peak))
      }
      ends = parts.map((samples) => samples.slice(-TAPS))
    },
    get peak() {
      return peak
    },
  }
}
