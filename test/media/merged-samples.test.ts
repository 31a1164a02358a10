import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WishInput } from '../../src/domain/wish/wish.ts'
import { createCores } from '../../src/media/cores.ts'
import { ffmpeg } from '../support/ffmpeg.ts'
import { fileOf, soundInSeconds } from '../support/make-media.ts'
import { codeOf, run } from './run-wish.ts'

/** Are samples merged, of files that are not long either, and of how many tracks were they? */
const merging = vi.hoisted(() => ({ isOn: true, tracks: 0 }))
vi.mock(import('../../src/media/source/mp4/merge-samples.ts'), async (importOriginal) => {
  const { mergeSamples } = await importOriginal()
  return {
    mergeSamples(bytes, sound, size) {
      const merged = merging.isOn ? mergeSamples(bytes, sound, size, 100) : undefined
      if (merged) merging.tracks++
      return merged
    },
  }
})
beforeEach(() => {
  Object.assign(merging, { isOn: true, tracks: 0 })
})

const SECONDS = 8
/** The bytes behind one more jump. */
const SLACK = 128 * 1024
const PICTURE = ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', 'testsrc=s=32x32:r=30']
/** A tone and noise: every frame has another size. */
const sound = (hertz: number, rate = 44_100) => [
  ...['-f', 'lavfi', '-t', `${SECONDS}`, '-i'],
  `sine=${hertz}:b=4:r=${rate},aeval=val(0)+0.1*random(0)*mod(t\\,1)`,
]
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '96k']
const ONE = [...PICTURE, ...sound(440), ...X264, ...AAC]
const TWO = [...PICTURE, ...sound(440), ...sound(3000, 48_000), '-map', '0', '-map', '1', '-map', '2']

const VIDEOS = {
  'plain.mp4': ONE,
  'index-in-front.mp4': [...ONE, '-movflags', '+faststart'],
  'plain.mov': ONE,
  'no-edits.mp4': [...ONE, '-use_editlist', '0'],
  'sound-later.mp4': [...PICTURE, '-itsoffset', '1.5', ...sound(440), ...X264, ...AAC],
  'two-sounds.mp4': [...TWO, ...X264, ...AAC],
  'alone.m4a': [...sound(440), ...AAC],
  '48-khz.mp4': [...PICTURE, ...sound(440, 48_000), ...X264, ...AAC],
  '32-khz.mp4': [...PICTURE, ...sound(440, 32_000), ...X264, ...AAC],
  'no-edits-22-khz.mp4': [...PICTURE, ...sound(440, 22_050), ...X264, ...AAC, '-use_editlist', '0'],
}

async function video(name: string, args: readonly string[]): Promise<string> {
  const { bytes, log } = await ffmpeg([...args, name], {}, name)
  if (!bytes) throw new Error(log.slice(-5).join('\n'))
  return fileOf(`merged-${name}`, bytes)
}

/** What comes of a file with and without merging: the same bytes. Answers of how many tracks samples were merged. */
async function compare(path: string, wish: WishInput): Promise<number> {
  Object.assign(merging, { isOn: false, tracks: 0 })
  const apart = await run(path, wish, { cores: createCores(2) })
  merging.isOn = true
  const together = await run(path, wish, { cores: createCores(2) })
  expect(Buffer.compare(apart.bytes, together.bytes)).toBe(0)
  const { seconds: _, settings: __, source, ...facts } = together.receipt
  expect(apart.receipt).toMatchObject(facts)
  expect(source.bytesRead).toBeLessThanOrEqual(apart.receipt.source.bytesRead + SLACK)
  // A copy looks at the beginning twice: what it was told of there is told anew.
  expect(source.requests).toBeLessThanOrEqual(apart.receipt.source.requests + 3)
  return merging.tracks
}

describe('a sound whose samples are told of together sounds as it did', () => {
  describe.each(Object.entries(VIDEOS))('%s', (name, args) => {
    it.each<[string, WishInput]>([
      ['all of it', { format: 'wav' }],
      ['a part of it', { format: 'flac', start: 2.5, end: 7.251 }],
      ['as it is', { format: 'm4a' }],
    ])('%s', async (_, wish) => {
      expect(await compare(await video(name, args), wish)).toBeGreaterThan(0)
    })
  })
  it('the second track, at another rate', async () => {
    const path = await video('two-sounds.mp4', VIDEOS['two-sounds.mp4'])
    expect(await compare(path, { track: 2, format: 'wav', start: 1.234 })).toBe(2)
  })
  it('by blocks, with a frame as its cover, brought to a loudness', async () => {
    const path = await video('plain.mp4', VIDEOS['plain.mp4'])
    expect(await compare(path, { cover: SECONDS - 2, loudness: -16 })).toBe(1)
  })
  it('with bands that double its rate', async () => {
    const bytes = await readFile(await video('no-edits-22-khz.mp4', VIDEOS['no-edits-22-khz.mp4']))
    const told = bytes.indexOf(Buffer.from('56e500', 'hex')) // no bands beside it (ISO 14496-3, 1.6.2.1)
    bytes[told + 2] = 0xa0
    const path = await fileOf('merged-doubled.mp4', bytes)
    expect((await run(path, { format: 'wav' })).receipt.source).toMatchObject({ sampleRate: 44_100 })
    expect(await compare(path, { format: 'wav', start: 1.234 })).toBe(1)
  })
})

it('no more is read than before, and no less lies together', async () => {
  const path = await soundInSeconds('mov', 20)
  expect(await compare(path, { format: 'wav' })).toBe(1)
})

describe('what is damaged', () => {
  it('is refused at first, and is as it was when every sample is told of', async () => {
    const bytes = await readFile(await video('plain.mp4', VIDEOS['plain.mp4']))
    const middle = bytes.length >>> 1
    bytes.fill(0xff, middle, middle + 40)
    const path = await fileOf('merged-damaged.mp4', bytes)
    expect(await codeOf(path, { format: 'wav' })).toBe('RESULT_INVALID')
    expect(merging.tracks).toBe(1)
    expect(await codeOf(path, { format: 'wav' }, { mayCopy: false })).toBe('SOURCE_DAMAGED')
    expect(merging.tracks).toBe(1)
  })
})

describe('samples are told of one by one', () => {
  it.each([
    ['of another kind', 'mp3-inside.mp4', [...PICTURE, ...sound(440), ...X264, '-c:a', 'libmp3lame']],
    ['at a rate beyond', '96-khz.mp4', [...PICTURE, ...sound(440, 96_000), ...X264, ...AAC]],
    ['in fragments', 'fragments.mp4', [...ONE, '-movflags', '+frag_keyframe+empty_moov']],
  ])('%s', async (_, name, args) => {
    expect(await compare(await video(name, args), { format: 'wav' })).toBe(0)
  })
  it('of a file that is cut', async () => {
    const whole = await readFile(await video('index-in-front.mp4', VIDEOS['index-in-front.mp4']))
    const path = await fileOf('merged-cut.mp4', whole.subarray(0, whole.length >>> 1))
    expect(await compare(path, {})).toBe(0)
  })
})
