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
function kWeighting(sampleRate: number): readonly [shelf: Section, highPass: Section] {
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

/**
 * The power of two channels over all samples, each weighted by frequency and then by its `weights`. Two at a time, because
 * each sample waits for the one before it, but not for the other channel's. Processors crawl with numbers next to zero:
 * states that faint are zero.
 */
function createPair(sampleRate: number, weights: readonly [number, number]) {
  const sections = kWeighting(sampleRate)
  const states = new Float64Array(8)
  return (first: Float32Array, second: Float32Array): number => {
    const [[b0, b1, b2, a1, a2], [, , , c1, c2]] = sections
    let [p1 = 0, p2 = 0, q1 = 0, q2 = 0, r1 = 0, r2 = 0, s1 = 0, s2 = 0] = states
    let one = 0
    let other = 0
    for (let place = 0; place < first.length; place++) {
      const x = first[place] as number
      const u = second[place] as number
      const y = b0 * x + p1
      const v = b0 * u + r1
      p1 = b1 * x - a1 * y + p2
      r1 = b1 * u - a1 * v + r2
      p2 = b2 * x - a2 * y
      r2 = b2 * u - a2 * v
      const heard = y + q1
      const also = v + s1
      q1 = q2 - 2 * y - c1 * heard
      s1 = s2 - 2 * v - c1 * also
      q2 = y - c2 * heard
      s2 = v - c2 * also
      one += heard * heard
      other += also * also
    }
    states.set([p1, p2, q1, q2, r1, r2, s1, s2].map((state) => (Math.abs(state) < 1e-30 ? 0 : state)))
    return weights[0] * one + weights[1] * other
  }
}

/** Samples of 100 ms. */
export const hopOf = (sampleRate: number): number => Math.round(sampleRate / HOPS_PER_SECOND)

/** Listens to channels, 100 ms at a time. */
export function createLoudnessMeter(sampleRate: number, channels: number) {
  const hop = hopOf(sampleRate)
  const weights = WEIGHTS[channels] ?? Array.from({ length: channels }, () => 1)
  const pairs = weights
    .map((weight, channel) => ({
      channel,
      power: createPair(sampleRate, [weight, weights[channel + 1] ?? 0]),
    }))
    .filter(({ channel }) => channel % 2 === 0)
  const powers: number[] = []
  const end = { power: 0, samples: 0 }
  return {
    /** The samples of one hop, of each channel; fewer where the sound ends. */
    listen(parts: readonly Float32Array[]): void {
      let sum = 0
      for (const { channel, power } of pairs) {
        const [first = NOTHING, second = first] = parts.slice(channel)
        sum += power(first, second)
      }
      const samples = parts[0]?.length ?? 0
      if (samples === hop) powers.push(sum / hop)
      else Object.assign(end, { power: sum, samples })
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

const NOTHING = new Float32Array()
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
