import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { BlockRing } from '../../src/media/mp3/block-ring.ts'
import { encodeBlock } from '../../src/media/mp3/encode-block.ts'
import { readFrameHeader } from '../../src/media/mp3/frame-header.ts'
import { instantiateLame, type Lame } from '../../src/media/mp3/lame.ts'
import { lameModules } from '../../src/media/mp3/lame-modules.ts'
import { createMp3Writer } from '../../src/media/mp3/mp3-writer.ts'
import { frameSamples, type Mp3Settings } from '../../src/media/mp3/settings.ts'
import { mp3Check } from '../../src/media/verify/mp3-check.ts'
import { present } from '../support/announce-absent.ts'
import { type Decoder, played } from '../support/decoders.ts'
import { ffmpeg } from '../support/ffmpeg.ts'
import { testVideo } from '../support/test-video.ts'
import { memorySink } from './memory-sink.ts'
import { makeSound, SOUNDS } from './sounds.ts'

/** Frames of a block, so that short sounds have seams: more than a block hears before it. */
const SHORT_BLOCK = 36
const DECODERS = (['ffmpeg', 'mpg123'] as const).filter(present)
const RATES_1 = [32_000, 44_100, 48_000]
const RATES_2 = [8000, 11_025, 12_000, 16_000, 22_050, 24_000]

let openers: Readonly<Record<'average' | 'other', (settings: Mp3Settings, loudest: number) => Lame>>
beforeAll(async () => {
  const [average, other] = [await lameModules(true), await lameModules(false)]
  openers = { average: instantiateLame(average), other: instantiateLame(other) }
})
const open = (settings: Mp3Settings, loudest: number) =>
  openers[settings.isAverage ? 'average' : 'other'](settings, loudest)

/** An MP3 of these samples by blocks of so many frames, in this thread; and how many frames had to be raised. */
async function encode(pcm: Float32Array, settings: Mp3Settings, blockFrames: number) {
  const blocksOf = Math.ceil(pcm.length / settings.channels / frameSamples(settings.sampleRate) / blockFrames)
  const ring = new BlockRing({ ...settings, blockFrames, lanes: blocksOf })
  ring.allow(1)
  ring.write(new Uint8Array(pcm.buffer))
  ring.end()
  const sink = memorySink()
  const writer = createMp3Writer(settings, sink)
  let blocks = 0
  for (let block = ring.take(0); block; block = ring.take(0)) {
    const { frames } = encodeBlock(ring, block, (loudest) => open(settings, loudest))
    await writer.add(frames)
    blocks++
  }
  await writer.end(ring.totalSamples)
  return { bytes: sink.bytes(), blocks, bumped: writer.bumped }
}

function samplesOf(bytes: Uint8Array): number {
  const check = mp3Check()
  check.append(bytes)
  return check.end(bytes).samples
}

/** dB of a sound over what an MP3 made of it; and of each frame's noise. */
function compare(sound: Float32Array, heard: Float32Array) {
  let [level, noise, current] = [0, 0, 0]
  const frames: number[] = []
  for (const [place, sample] of sound.entries()) {
    const error = (sample - (heard[place] ?? 0)) ** 2
    level += sample * sample
    noise += error
    current += error
    if ((place + 1) % (2 * 1152) === 0) {
      frames.push(current)
      current = 0
    }
  }
  return { snr: 10 * Math.log10(level / noise), frames }
}

/** By how many dB each frame is noisier than with one encoder; what nobody hears is not counted. */
const noisier = (frames: readonly number[], than: readonly number[]) =>
  frames.map((noise, place) => 10 * Math.log10((noise + 1e-6) / ((than[place] ?? 0) + 1e-6)))

const kilo = (of: (bitrate: number) => Mode) => (kilobits: number) => of(1000 * kilobits)
type Mode = Pick<Mp3Settings, 'bitrate' | 'isAverage' | 'quality'>
const constant = (bitrate: number): Mode => ({ bitrate, isAverage: false, quality: null })
const average = (bitrate: number): Mode => ({ bitrate, isAverage: true, quality: null })
const variable = (quality: number): Mode => ({ bitrate: null, isAverage: false, quality })
const modes = (sampleRate: number): Mode[] =>
  sampleRate >= 32_000
    ? [
        ...[64, 128, 320].map(kilo(constant)),
        ...[40, 165, 310].map(kilo(average)),
        ...[0, 4, 9].map(variable),
      ]
    : [...[8, 32, 160].map(kilo(constant)), ...[8, 33, 64].map(kilo(average)), ...[0, 4, 9].map(variable)]
const shapes = [...RATES_1, ...RATES_2].flatMap((sampleRate) =>
  [1, 2].map((channels) => ({ sampleRate, channels })),
)
const names = Object.keys(SOUNDS)
const SHORT = [1, 575, 1105, 1152, 2000, 4999]

describe.each(shapes)('$sampleRate Hz, $channels channels', ({ sampleRate, channels }) => {
  // 18 shapes, each of them 9 modes, each of them a long and a short sound: 324 encodings.
  it.each(modes(sampleRate))('bitrate $bitrate, average $isAverage, quality $quality', async (mode) => {
    const settings = { sampleRate, channels, ...mode }
    const place = shapes.findIndex((each) => each.sampleRate === sampleRate && each.channels === channels)
    for (const turn of [0, 2]) {
      const pick = place + 5 * turn + (mode.quality ?? (mode.bitrate ?? 0) / 32_000)
      const name = names[Math.floor(pick) % names.length] ?? 'music'
      const seams = turn === 0
      const samples = seams
        ? 100 * frameSamples(sampleRate) + 37
        : (SHORT[Math.floor(pick) % SHORT.length] ?? 1)
      const what = `${name}, ${samples} samples`
      const pcm = makeSound(name, { sampleRate, channels, samples })
      const { bytes, blocks } = await encode(pcm, settings, SHORT_BLOCK)
      expect(blocks, what).toBe(seams ? 3 : 1)
      expect(samplesOf(bytes), what).toBe(samples)
      // ffmpeg takes three frames for a beginning; what has fewer mpg123 alone can play to the sample.
      for (const decoder of DECODERS.filter((each) => each === 'mpg123' || samples > 2000)) {
        expect((await played(decoder, bytes)).length / channels, `${what} by ${decoder}`).toBe(samples)
      }
    }
  })
})

describe('seams are not heard', () => {
  const settings = { sampleRate: 44_100, channels: 2 }
  const decoder: Decoder | undefined = DECODERS[0]
  const SECONDS = 30
  const BLOCK = 128
  async function real(): Promise<Float32Array> {
    const args = ['-i', 'in', '-t', `${SECONDS}`, '-vn', '-ac', '2', '-ar', '44100', '-f', 'f32le', 'out']
    const { bytes } = await ffmpeg(args, { in: await readFile(await testVideo()) }, 'out')
    return new Float32Array(bytes?.buffer ?? new ArrayBuffer(0))
  }
  const sound = (name: string) =>
    name === 'the video'
      ? real()
      : Promise.resolve(makeSound(name, { ...settings, samples: SECONDS * 44_100 }))

  it.skipIf(!decoder).each([
    ['the video', constant(128_000)],
    ['the video', variable(2)],
    ['the video', average(160_000)],
    ['music', constant(192_000)],
    ['music', average(100_000)],
    ['speech', constant(64_000)],
    ['noise', constant(128_000)],
    ['noise', average(128_000)],
  ] as const)('%s, %o', async (name, mode) => {
    const pcm = await sound(name)
    const all = { ...settings, ...mode }
    const heard = async (blockFrames: number) => {
      const { bytes, bumped, blocks } = await encode(pcm, all, blockFrames)
      return { ...compare(pcm, await played(decoder ?? 'ffmpeg', bytes)), bumped, blocks }
    }
    const [one, several] = [await heard(10_000), await heard(BLOCK)]
    expect([one.blocks, several.blocks]).toEqual([1, 9])
    expect(several.snr).toBeGreaterThan(one.snr - 0.05)
    const atSeam = (frame: number) => [0, 1, 2, BLOCK - 1].includes(frame % BLOCK) && frame > 2
    const worst = (all: readonly number[], seam: boolean) =>
      Math.max(...all.filter((_, frame) => atSeam(frame) === seam))
    expect(worst(several.frames, true)).toBeLessThan(worst(several.frames, false))
    // Beside one encoder any frame is a little noisier or less so, those at a seam not more than others.
    const worse = noisier(several.frames, one.frames)
    expect(worst(worse, true)).toBeLessThan(worst(worse, false) + 0.5)
  })
})

it.skipIf(DECODERS.length === 0)('what is louder than full scale is not clipped', async () => {
  const settings = { sampleRate: 44_100, channels: 1, ...constant(192_000) }
  const pcm = Float32Array.from({ length: 60_000 }, (_, place) => 1.5 * Math.sin(place / 30))
  const { bytes } = await encode(pcm, settings, SHORT_BLOCK)
  const heard = await played(DECODERS[0] ?? 'ffmpeg', bytes)
  expect(Math.max(...heard.slice(10_000, 50_000))).toBeCloseTo(1.5, 1)
})

describe('an average bitrate', () => {
  const settings = { sampleRate: 44_100, channels: 2 }
  const FFMPEG = ['-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3', 'out']
  /** kbit/s of every frame; the first of ours holds the tag. */
  const ratesOf = (bytes: Uint8Array): number[] => {
    const rates = []
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at < bytes.length; ) {
      const header = readFrameHeader(view.getUint32(at))
      if (!header) throw new Error(`no frame at ${at}`)
      rates.push((header.size - header.padding) * 8 * 44.1)
      at += header.size
    }
    return rates.map((rate) => Math.round(rate / 1152))
  }
  it.each([64_000, 165_000, 256_000])('of %i is what FFmpeg makes of `-abr 1`', async (bitrate) => {
    const pcm = makeSound('music', { ...settings, samples: 20 * 44_100 })
    const ours = (await encode(pcm, { ...settings, ...average(bitrate) }, 10_000)).bytes
    const raw = ['-f', 'f32le', '-ar', '44100', '-ac', '2', '-i', 'in']
    const asked = ['-c:a', 'libmp3lame', '-abr', '1', '-b:a', `${bitrate}`]
    const { bytes } = await ffmpeg([...raw, ...asked, ...FFMPEG], { in: new Uint8Array(pcm.buffer) }, 'out')
    const [made, theirs] = [ratesOf(ours).slice(1), ratesOf(bytes ?? new Uint8Array())]
    const mean = (rates: readonly number[]) => rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    expect(made.length).toBe(theirs.length)
    expect(new Set(made).size).toBeGreaterThan(2)
    expect(Math.abs(mean(made) / mean(theirs) - 1)).toBeLessThan(0.01)
    const alike = made.filter((rate, place) => Math.abs(rate - (theirs[place] ?? 0)) <= 64)
    expect(alike.length / made.length).toBeGreaterThan(0.9)
  })
})
