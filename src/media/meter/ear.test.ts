import { describe, expect, it } from 'vitest'
import { openEar } from './ear.ts'
import { hopOf, kWeighting, weightsOf } from './integrated.ts'
import { ALL_TAPS, REACHED } from './true-peak.ts'

const RATE = 48_000
const HOP = hopOf(RATE)

const tone = (perSample: number, phase: number, level = 1) =>
  Float32Array.from({ length: HOP }, (_, place) => level * Math.sin(2 * Math.PI * perSample * place + phase))
const decibels = (value: number) => 20 * Math.log10(value)

/** The peak of sounds, one behind the other, and the power of each. */
function heard(channels: number, ...sounds: readonly Float32Array[]) {
  const ear = openEar(RATE, channels)
  const powers = sounds.map((sound) => {
    ear.room.set(sound)
    return ear.hear(sound.length / channels)
  })
  return { peak: ear.peak, powers }
}

// A quarter of the sample rate, met at 45 degrees, never shows its peak in a sample: 3.01 dB are missed without filter.
it.each([
  ['a quarter of the sample rate', 0.25, Math.PI / 4],
  ['a sixth', 1 / 6, Math.PI / 6],
  ['a low tone', 0.001, 0.1],
])('%s is as loud as it is between its samples', (_, perSample, phase) => {
  const { peak } = heard(1, tone(perSample, phase))
  // The first sample follows silence, and there a band-limited tone overshoots.
  expect(decibels(peak)).toBeGreaterThan(-0.35)
  expect(decibels(peak)).toBeLessThan(1.5)
})

it('what is quieter than what was heard is passed over, what is louder is not', () => {
  const [quiet, loud] = [tone(0.25, Math.PI / 4, 0.4), tone(0.25, Math.PI / 4, 0.8)]
  const [first, second] = [heard(1, quiet).peak, heard(1, loud).peak]
  expect(second).toBeCloseTo(2 * first, 5)
  expect(heard(1, quiet, loud).peak).toBeCloseTo(second, 1)
  expect(heard(1, loud, quiet).peak).toBe(second)
  expect(heard(1, new Float32Array(100)).peak).toBe(0)
})

/** Numbers between -1 and 1 that are the same each time; some are faint. */
function noise(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, (_, place) => {
    state = (state * 48_271) % 2_147_483_647
    return (state / 1_073_741_823.5 - 1) * (place % 1000 < 300 ? 0.1 : 0.9)
  })
}

describe.each([1, 2, 3, 6])('%d channels, computed one sample behind the other', (channels) => {
  const sounds = [HOP, HOP, 1, 3, 801].map((samples, turn) =>
    noise(channels * (samples + turn)).slice(channels * turn),
  )
  const { peak, powers } = heard(channels, ...sounds)
  const all = sounds.flatMap((sound) => [...sound])
  const channelOf = (samples: readonly number[], channel: number) =>
    samples.filter((_, place) => place % channels === channel)

  it('has the same power', () => {
    const [[b0, b1, b2, a1, a2], [, , , c1, c2]] = kWeighting(RATE)
    const weights = weightsOf(channels)
    const expected = sounds.map(() => 0)
    for (let channel = 0; channel < channels; channel++) {
      let [p1, p2, q1, q2] = [0, 0, 0, 0]
      for (const [turn, sound] of sounds.entries())
        for (const x of channelOf([...sound], channel)) {
          const y = b0 * x + p1
          p1 = b1 * x + p2 - a1 * y
          p2 = b2 * x - a2 * y
          const z = y + q1
          q1 = q2 - 2 * y - c1 * z
          q2 = y - c2 * z
          expected[turn] = (expected[turn] ?? 0) + (weights[channel] ?? 0) * z * z
        }
    }
    for (const [turn, power] of powers.entries()) expect(power / (expected[turn] ?? 0)).toBeCloseTo(1, 9)
  })

  it('has the same peak', () => {
    let expected = 0
    for (let channel = 0; channel < channels; channel++) {
      const samples = [...new Array<number>(REACHED).fill(0), ...channelOf(all, channel)]
      for (let at = 0; at + REACHED <= samples.length; at++)
        for (let place = 0; place < ALL_TAPS.length; place += REACHED) {
          const between = samples
            .slice(at, at + REACHED)
            .reduce((sum, each, tap) => sum + each * (ALL_TAPS[place + tap] ?? 0), 0)
          expected = Math.max(expected, Math.abs(between))
        }
    }
    expect(peak).toBeCloseTo(Math.max(expected, ...all.map(Math.abs)), 6)
  })
})
