import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { WishInput } from '../../src/domain/wish/wish.ts'
import { judge, loudnessOf, packetHash, samplesOf } from '../support/judge.ts'
import { madeBy, media, threeTracks } from '../support/make-media.ts'
import { codeOf, run } from './run-wish.ts'

/** Noise that swells and fades: what a size and a loudness are hard to keep with. */
const noise = () =>
  madeBy('noise.wav', [
    ...['-f', 'lavfi', '-t', '8'],
    ...['-i', 'anoisesrc=c=pink:seed=1:a=0.9:r=44100,tremolo=f=0.3:d=0.8,aformat=channel_layouts=stereo'],
  ])
/** A soft chord with sharp knocks: what is made louder has to have its peaks held down. */
const knocks = () =>
  madeBy('knocks.wav', [
    ...['-f', 'lavfi', '-t', '8', '-i'],
    "aevalsrc='0.1*sin(440*PI*t)+0.05*sin(1320*PI*t)+0.8*lt(mod(t,0.5),0.01)*sin(1800*PI*t)|0.1*sin(550*PI*t)':s=44100",
  ])
/** The message a conversion fails with. */
const refusal = (path: string, wish: WishInput) =>
  run(path, wish).then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a part of the sound', () => {
  it('is cut to the sample', async () => {
    const path = await media('wav', 5)
    const whole = await samplesOf(await readFile(path))
    const { bytes, receipt } = await run(path, { format: 'wav', start: 1.5, end: '0:03.25' })
    const part = await samplesOf(bytes)
    expect(part).toEqual(whole.slice(2 * 66_150, 2 * 143_325))
    expect(receipt).toMatchObject({ plan: 'encode', warning: null, result: { samples: 77_175 } })
  })
  it.each(['mp3', 'm4a', 'opus', 'ogg', 'flac'])('has its length as %s', async (format) => {
    const { bytes, receipt } = await run(await media('mkv', 5), { format, start: 1, end: 4 })
    expect(receipt.warning).toBeNull()
    expect(Math.abs((await judge(bytes)).seconds - 3)).toBeLessThan(0.06)
  })
  it('of a source that is copied otherwise is encoded', async () => {
    const { bytes, receipt } = await run(await media('m4a', 5), { format: 'm4a', start: 3 })
    expect(receipt).toMatchObject({ plan: 'encode', warning: null })
    expect(Math.abs((await judge(bytes)).seconds - 2)).toBeLessThan(0.06)
  })
  it('ends with the sound, and can not begin behind it', async () => {
    const path = await media('wav', 3)
    const { receipt } = await run(path, { start: 2, end: 60 })
    expect(receipt.result.duration).toBeCloseTo(1, 1)
    expect(await refusal(path, { start: 4 })).toContain('ends before 0:04')
    expect(await codeOf(path, { start: 4 })).toBe('WISH_UNMET')
  })
})

describe('a size', () => {
  it.each([
    ['mp3', '120KB'],
    ['m4a', '120KB'],
    ['opus', '120KB'],
    ['opus', '30KB'],
    ['ogg', '120KB'],
  ])('%s of %s is kept to, and used', async (format, size) => {
    const { bytes, receipt } = await run(await noise(), { format, size })
    const limit = Number.parseInt(size, 10) * 1024
    expect(bytes.length).toBeLessThanOrEqual(limit)
    expect(bytes.length).toBeGreaterThan(limit * 0.7)
    expect(receipt.warning).toBeNull()
  })
  it('too small for the lowest bitrate is refused, with what there would be', async () =>
    expect(await refusal(await noise(), { size: '20KB' })).toMatch(
      /0:08 of mp3 do not fit into 20 KB: at its lowest bitrate, 32k, it has 3\d/,
    ))
  it('of a source that does not say how long it is is found by hearing it', async () => {
    const path = await madeBy('without-length.mp3', [
      '-f',
      'lavfi',
      '-t',
      '20',
      '-i',
      'anoisesrc=a=0.3',
      '-b:a',
      '128k',
      '-write_xing',
      '0',
    ])
    const { bytes } = await run(path, { format: 'opus', size: '60KB' })
    expect(bytes.length).toBeLessThanOrEqual(60 * 1024)
    expect(bytes.length).toBeGreaterThan(40 * 1024)
  })
  it('that the source has already is met by a copy', async () => {
    const path = await media('m4a', 5)
    expect((await run(path, { format: 'm4a', size: '1MB' })).receipt.plan).toBe('copy')
    expect((await run(path, { format: 'm4a', size: '40KB' })).receipt.plan).toBe('encode')
  })
})

describe('the shape of the sound', () => {
  it.each([
    [
      { sampleRate: 22_050, channels: 'mono', bitrate: '40k' },
      { sampleRate: 22_050, channels: 1, bitrate: 40_000 },
    ],
    [
      { sampleRate: '8000', channels: 1 },
      { sampleRate: 8000, channels: 1 },
    ],
    [
      { format: 'm4a', sampleRate: 32_000, channels: 1 },
      { sampleRate: 32_000, channels: 1 },
    ],
    [
      { format: 'opus', channels: 1, bitrate: '256k' },
      { sampleRate: 48_000, channels: 1 },
    ],
    [
      { format: 'ogg', sampleRate: 32_000, channels: 1, bitrate: '160k' },
      { sampleRate: 32_000, channels: 1 },
    ],
    [
      { format: 'ogg', sampleRate: 48_000, channels: 1, bitrate: '64k' },
      { sampleRate: 48_000, channels: 1 },
    ],
    [
      { format: 'ogg', channels: 2, bitrate: '320k' },
      { sampleRate: 44_100, channels: 2 },
    ],
    [
      { format: 'flac', sampleRate: 96_000 },
      { sampleRate: 96_000, channels: 2 },
    ],
    [{ preset: 'speech' }, { channels: 1, bitrate: 64_000 }],
    [{ preset: 'speech', format: 'opus' }, { channels: 1 }],
    [{ preset: 'music' }, { channels: 2, bitrate: 256_000, sampleRate: 44_100 }],
  ])('%j', async (wish, expected) => {
    const { bytes, receipt } = await run(await media('wav'), wish)
    expect(await judge(bytes)).toMatchObject(expected)
    expect(Math.abs(receipt.result.duration - 3)).toBeLessThan(0.06)
  })
  it('a preset never goes above the source, and is met by a copy that is small enough', async () => {
    const music = await run(await media('flv'), { format: 'm4a', preset: 'music' })
    expect(music.receipt.result.bitrate).toBe(96_000)
    expect((await run(await media('m4a'), { format: 'm4a', preset: 'music' })).receipt.plan).toBe('copy')
    expect((await run(await media('m4a'), { format: 'm4a', preset: 'speech' })).receipt.plan).toBe('encode')
  })
})

describe('loudness', () => {
  it.each([
    ['wav', -16],
    ['mp3', -14],
    ['opus', -23],
  ])('of %s comes to %d LUFS', async (format, loudness) => {
    const { bytes, receipt } = await run(await knocks(), { format, loudness })
    const heard = await loudnessOf(bytes)
    // Any MP3 encoder makes this sound half a LU softer by itself.
    expect(Math.abs(heard.integrated - loudness)).toBeLessThan(format === 'mp3' ? 0.7 : 0.3)
    expect(heard.truePeak).toBeLessThan(format === 'wav' ? -0.9 : 0.5)
    expect(Math.abs((receipt.loudness?.integrated ?? 0) - loudness)).toBeLessThan(0.3)
    expect(Math.abs(receipt.result.duration - 8)).toBeLessThan(0.06)
  })
  it('keeps every sample in its place where peaks are held down', async () => {
    const path = await knocks()
    const [soft, loud] = [
      await run(path, { format: 'wav' }),
      await run(path, { format: 'wav', loudness: -12 }),
    ]
    expect(loud.receipt.normalized?.limited).toBe(true)
    expect(loud.receipt.result.samples).toBe(soft.receipt.result.samples)
    const [before, after] = [await samplesOf(soft.bytes), await samplesOf(loud.bytes)]
    // The sign of loud samples is the same: nothing was shifted.
    const moved = before.filter(
      (sample, place) => Math.abs(sample) > 3000 && Math.sign(sample) !== Math.sign(after[place] ?? 0),
    )
    expect(moved.length / before.length).toBeLessThan(0.001)
  })
  it('of silence stays silence', async () => {
    const path = await madeBy('silence.wav', ['-f', 'lavfi', '-t', '2', '-i', 'anullsrc'])
    const { receipt, bytes } = await run(path, { loudness: -16 })
    expect(receipt.normalized).toBeNull()
    expect((await judge(bytes)).peak).toBeLessThan(0.001)
  })
})

describe('a track', () => {
  /** Zero crossings in a second tell a low tone from a high one. */
  const pitch = async (bytes: Uint8Array) => {
    const samples = await samplesOf(bytes)
    const rises = samples.filter((sample, place) => place > 1 && sample >= 0 && (samples[place - 2] ?? 0) < 0)
    return rises.length / 2 / (samples.length / 2 / 44_100)
  }
  it.each([
    [undefined, 300],
    ['ger', 3000],
    ['DE', 3000],
    [3, 600],
  ])('%s is found', async (track, hertz) => {
    const { bytes, receipt } = await run(await threeTracks(), {
      track,
      format: 'wav',
      sampleRate: 44_100,
      channels: 2,
    })
    expect(Math.abs((await pitch(bytes)) - hertz)).toBeLessThan(20)
    expect(receipt.source.tracks).toHaveLength(3)
  })
  it('that is not there is refused with those that are', async () => {
    const path = await threeTracks()
    expect(await refusal(path, { track: 'fra' })).toBe(
      "There is no track of sound 'fra' in this file. It has 1 (eng, aac, mono); 2 (ger, aac, mono); 3 (language unknown, aac, mono).",
    )
    expect(await codeOf(path, { track: 4 })).toBe('WISH_UNMET')
  })
  it('is copied as it is', async () => {
    const { bytes, receipt } = await run(await threeTracks(), { track: 'de', format: 'm4a' })
    expect(receipt).toMatchObject({ plan: 'copy', source: { track: 2 } })
    const { bytes: other } = await run(await threeTracks(), { track: 1, format: 'm4a' })
    expect(await packetHash(bytes)).not.toBe(await packetHash(other))
  })
})

// Blocks of the engine end within a frame of these.
it.each([
  ['flac', 6],
  ['wav', 3],
  ['flac', 5],
] as const)('%s of %i channels, whole', async (format, channels) => {
  const gains = Array.from({ length: channels }, (_, channel) => `c${channel}=c0`).join('|')
  const source = await madeBy(`tone-${channels}.wav`, [
    ...['-f', 'lavfi', '-t', '3', '-i', 'sine=r=44100', '-af', `pan=${channels}c|${gains}`],
  ])
  const { receipt } = await run(source, { format, loudness: -20 })
  expect(receipt.result).toMatchObject({ channels, samples: 3 * 44_100 })
  expect(receipt.warning).toBeNull()
})
