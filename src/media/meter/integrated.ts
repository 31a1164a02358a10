/**
 * Integrated loudness (ITU-R BS.1770-5, EBU R128): each channel through the K weighting, its power over windows of
 * 400 ms that begin every 100 ms, the mean of those that are not too soft to count.
 */
const HOPS_PER_SECOND = 10
/** Hops of one window. */
const WINDOW = 4
/** LUFS: a window below this is silence. */
const ABSOLUTE_GATE = -70
/** LU below the mean of all that is not silence: a window that soft is a pause. */
const RELATIVE_GATE = -10

/** Weights of channels by how many there are, in FFmpeg's order of them: the bass has none, what comes from behind 1.5 dB. */
const BEHIND = 1.41
const WEIGHTS: Readonly<Record<number, readonly number[]>> = {
  3: [1, 1, 0],
  4: [1, 1, 1, BEHIND],
  5: [1, 1, 1, BEHIND, BEHIND],
  6: [1, 1, 1, 0, BEHIND, BEHIND],
  7: [1, 1, 1, 0, BEHIND, BEHIND, BEHIND],
  8: [1, 1, 1, 0, BEHIND, BEHIND, BEHIND, BEHIND],
}

/** b0, b1, b2, a1, a2 of a second-order section. */
type Section = readonly [number, number, number, number, number]

/** The analogue prototype of the weighting, which the standard gives for 48 kHz alone, at any sample rate. */
export function kWeighting(sampleRate: number): readonly [shelf: Section, highPass: Section] {
  return [shelf(sampleRate), highPass(sampleRate)]
}

function shelf(sampleRate: number): Section {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate)
  const q = 0.7071752369554196
  const high = 10 ** (3.999843853973347 / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / q + k * k
  return [
    (high + (band * k) / q + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - (band * k) / q + k * k) / a0,
    (2 * (k * k - 1)) / a0,
    (1 - k / q + k * k) / a0,
  ]
}

function highPass(sampleRate: number): Section {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0]
}

/** Samples of 100 ms. */
export const hopOf = (sampleRate: number): number => Math.round(sampleRate / HOPS_PER_SECOND)

/** How much each channel counts. */
export const weightsOf = (channels: number): readonly number[] =>
  WEIGHTS[channels] ?? Array.from({ length: channels }, () => 1)

/** Gathers the power of hops, all channels together. */
export function createGate(sampleRate: number) {
  const hop = hopOf(sampleRate)
  const powers: number[] = []
  const end = { power: 0, samples: 0 }
  return {
    /** The sum of squares over one hop; over fewer samples where the sound ends. */
    add(power: number, samples: number): void {
      if (samples === hop) powers.push(power / hop)
      else Object.assign(end, { power, samples })
    },
    /** LUFS; -Infinity for silence. What is shorter than a window is one. */
    integrated(): number {
      if (powers.length >= WINDOW) return gated(powers)
      const heard = powers.length * hop + end.samples
      const mean = (powers.reduce((sum, each) => sum + each * hop, 0) + end.power) / heard
      return lufs(mean) >= ABSOLUTE_GATE ? lufs(mean) : Number.NEGATIVE_INFINITY
    },
  }
}

const lufs = (power: number) => -0.691 + 10 * Math.log10(power)
const powerOf = (level: number) => 10 ** ((level + 0.691) / 10)

function gated(powers: readonly number[]): number {
  const windows: number[] = []
  for (let at = WINDOW; at <= powers.length; at++)
    windows.push(powers.slice(at - WINDOW, at).reduce((sum, each) => sum + each, 0) / WINDOW)
  const meanAbove = (level: number) => {
    const loud = windows.filter((each) => each >= powerOf(level))
    return lufs(loud.reduce((sum, each) => sum + each, 0) / loud.length)
  }
  const mean = meanAbove(ABSOLUTE_GATE)
  return Number.isNaN(mean) ? Number.NEGATIVE_INFINITY : meanAbove(mean + RELATIVE_GATE)
}
