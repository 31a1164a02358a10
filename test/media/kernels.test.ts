import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OpenLame } from '../../src/media/mp3/lame.ts'
import { lameModules, readGrafted } from '../../src/media/mp3/lame-modules.ts'
import { instantiateSimd } from '../../src/media/mp3/lame-simd.ts'
import { frameSamples, type Mp3Settings } from '../../src/media/mp3/settings.ts'
import { ffmpeg } from '../support/ffmpeg.ts'
import { testVideo } from '../support/test-video.ts'
import { makeSound, SOUNDS } from './sounds.ts'

const ROOT = new URL('../..', import.meta.url)
const BUILT = new URL('src/media/kernels.wasm', ROOT)
const RATES = { 1: [32_000, 44_100, 48_000], 2: [8000, 11_025, 12_000, 16_000, 22_050, 24_000] } as const
const KILOBITS = { 1: [32, 96, 192, 320], 2: [8, 32, 64, 160] } as const
const FRAMES = 40

let [plain, ours]: (OpenLame | undefined)[] = []
beforeAll(async () => {
  plain = instantiateSimd(await WebAssembly.compile(await readGrafted(true)))
  ours = instantiateSimd((await lameModules(false)).simd)
})

function encoded(open: OpenLame | undefined, settings: Mp3Settings, pcm: Float32Array): Buffer {
  if (!open) throw new Error('no encoder')
  const lame = open(settings)
  const { channels } = settings
  const step = frameSamples(settings.sampleRate)
  const parts: Uint8Array[] = []
  for (let from = 0; from < pcm.length / channels; from += step) {
    const samples = Math.min(step, pcm.length / channels - from)
    lame.room(samples).set(pcm.subarray(from * channels, (from + samples) * channels))
    parts.push(lame.encode(samples))
  }
  return Buffer.concat([...parts, lame.finish()])
}

function expectSame(settings: Mp3Settings, pcm: Float32Array, what: string): void {
  const [theirs, grafted] = [encoded(plain, settings, pcm), encoded(ours, settings, pcm)]
  expect(theirs.length, what).toBeGreaterThan(100)
  expect(grafted.equals(theirs), what).toBe(true)
}

describe('our kernels give the bytes that LAME itself gives', () => {
  const shapes = ([1, 2] as const).flatMap((version) =>
    RATES[version].flatMap((sampleRate) =>
      [1, 2].flatMap((channels) =>
        KILOBITS[version].map((kilobits) => ({ sampleRate, channels, bitrate: kilobits * 1000 })),
      ),
    ),
  )
  it.each(shapes)(
    '$sampleRate Hz, $channels channels, $bitrate bit/s',
    ({ sampleRate, channels, bitrate }) => {
      const settings = { sampleRate, channels, bitrate, isAverage: false, quality: null }
      for (const name of Object.keys(SOUNDS)) {
        const samples = FRAMES * frameSamples(sampleRate) + 13
        expectSame(settings, makeSound(name, { sampleRate, channels, samples }), name)
      }
    },
  )

  it.each([
    { kilobits: 128, times: 1 },
    { kilobits: 320, times: 1 },
    { kilobits: 64, times: 9 }, // what differs once in ten thousand frames is not found in one
  ])('the video $times times, $kilobits kbit/s', async ({ kilobits, times }) => {
    const args = ['-i', 'in', '-vn', '-ac', '2', '-ar', '44100', '-f', 'f32le', 'out']
    const { bytes } = await ffmpeg(args, { in: await readFile(await testVideo()) }, 'out')
    const settings = {
      sampleRate: 44_100,
      channels: 2,
      bitrate: kilobits * 1000,
      isAverage: false,
      quality: null,
    }
    const pcm = Buffer.concat(Array.from({ length: times }, () => bytes ?? new Uint8Array()))
    expectSame(settings, new Float32Array(pcm.buffer, pcm.byteOffset, pcm.length / 4), 'the video')
  })
})

it('the module in the repository is what its source gives', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-kernels-'))
  const out = join(folder, 'kernels.wasm')
  const npm = process.env['npm_execpath'] ?? 'npm'
  await promisify(execFile)(npm, ['run', 'kernels', '--', '--outFile', out], { cwd: ROOT })
  expect((await readFile(out)).equals(await readFile(BUILT))).toBe(true)
  await rm(folder, { recursive: true })
})
