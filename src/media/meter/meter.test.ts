import { expect, it } from 'vitest'
import { createMeter, type MeterShape } from './meter.ts'

const SHAPE = { sampleRate: 48_000, channels: 2, sample: 'f32le' } as const
/** So many seconds of a tone, as raw samples of all channels. */
function tone(seconds: number, level: number, { sampleRate, channels }: MeterShape, hertz = 1000) {
  const samples = Float32Array.from({ length: seconds * sampleRate * channels }, (_, place) => {
    const time = Math.floor(place / channels) / sampleRate
    return level * Math.sin(2 * Math.PI * hertz * time)
  })
  return new Uint8Array(samples.buffer)
}
function measured(shape: MeterShape, parts: readonly Uint8Array[]) {
  const meter = createMeter(shape)
  for (const part of parts) meter.listen(part)
  return meter.read()
}

// EBU Tech 3341, case 1 and 2: a tone of 1 kHz in both channels of stereo is as loud as its level says.
it.each([-23, -33])('a tone of %d dBFS has as many LUFS', (level) => {
  const [integrated, truePeak] = [level, level]
  expect(measured(SHAPE, [tone(20, 10 ** (level / 20), SHAPE)])).toEqual({ integrated, truePeak })
})

// Case 3: what is softer than the gates allow does not count.
it('pauses do not make it softer', () => {
  const [soft, loud] = [tone(10, 10 ** (-36 / 20), SHAPE), tone(60, 10 ** (-23 / 20), SHAPE)]
  expect(measured(SHAPE, [soft, loud, soft])?.integrated).toBe(-23)
})

it('counts what comes from behind more, the bass not at all', () => {
  const shape = { ...SHAPE, channels: 6 }
  const only = (channel: number) => {
    const all = new Float32Array(tone(5, 0.1, shape).buffer)
    return new Uint8Array(all.map((sample, place) => (place % 6 === channel ? sample : 0)).buffer)
  }
  const [front, bass, behind] = [0, 3, 4].map((channel) => measured(shape, [only(channel)])?.integrated)
  expect(bass).toBeUndefined()
  expect((behind ?? 0) - (front ?? 0)).toBeCloseTo(1.5, 1)
})

it.each([8000, 22_050, 44_100, 96_000, 192_000])('hears the same at %d Hz', (sampleRate) => {
  const shape = { ...SHAPE, sampleRate }
  expect(Math.abs((measured(shape, [tone(3, 0.1, shape)])?.integrated ?? 0) + 20)).toBeLessThan(0.15)
})

it('takes bytes as they come, and whole numbers too', () => {
  const bytes = tone(1, 0.5, SHAPE)
  const cuts = [0, 3, 1001, 40_007, 40_008, bytes.length]
  const parts = cuts.slice(1).map((end, place) => bytes.slice(cuts[place], end))
  expect(measured(SHAPE, parts)).toEqual(measured(SHAPE, [bytes]))
  const floats = new Float32Array(bytes.buffer)
  const whole = Int16Array.from(floats, (sample) => sample * 32_767)
  const deep = Int32Array.from(floats, (sample) => sample * 2_147_483_647)
  for (const [sample, { buffer }] of [['s16le', whole] as const, ['s32le', deep] as const])
    expect(measured({ ...SHAPE, sample }, [new Uint8Array(buffer)])).toEqual(measured(SHAPE, [bytes]))
})

it('a sound shorter than a window has a loudness, silence has none', () => {
  expect(measured(SHAPE, [tone(0.1, 0.1, SHAPE)])?.integrated).toBeCloseTo(-20, 0)
  expect(measured(SHAPE, [new Uint8Array(800_000)])).toBeNull()
  expect(measured(SHAPE, [])).toBeNull()
})
