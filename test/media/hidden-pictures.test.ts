import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WishInput } from '../../src/domain/wish/wish.ts'
import { createCores } from '../../src/media/cores.ts'
import { ffmpeg } from '../support/ffmpeg.ts'
import { fileOf } from '../support/make-media.ts'
import { run } from './run-wish.ts'

/** Are pictures hidden, how many words that took, and were the sound's edits plain? */
const hiding = vi.hoisted(() => ({ isOn: true, words: 0, isPlain: false }))
vi.mock(import('../../src/media/source/mp4/hide-pictures.ts'), async (importOriginal) => {
  const { hidePictures } = await importOriginal()
  return {
    hidePictures(...args) {
      const words = hiding.isOn ? hidePictures(...args) : []
      hiding.words += words.length
      return words
    },
  }
})
vi.mock(import('../../src/media/source/mp4/plain-edits.ts'), async (importOriginal) => {
  const { hasPlainEdits } = await importOriginal()
  return {
    hasPlainEdits(...args) {
      if (!hiding.isOn) return false
      hiding.isPlain = hasPlainEdits(...args)
      return hiding.isPlain
    },
  }
})
beforeEach(() => {
  hiding.words = 0
})

const SECONDS = 20
/** Pictures a second: more than are told of, for a file that is made in no time. */
const RATE = 120
const PICTURE = ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', `testsrc=s=32x32:r=${RATE}`]
const tone = (hertz: number) => ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', `sine=${hertz}:b=4:r=48000`]
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-pix_fmt', 'yuv420p', '-g', '60']
const AAC = ['-c:a', 'aac', '-b:a', '96k']
const FIRST = ['-map', '0', '-map', '1']
const NOTES = `;FFMETADATA1
title=Of many pictures
[CHAPTER]
TIMEBASE=1/1
START=0
END=10
title=One
[CHAPTER]
TIMEBASE=1/1
START=10
END=${SECONDS}
title=Two
`

/** A video of many pictures, made with these options. */
async function video(name: string, args: readonly string[]): Promise<string> {
  const { bytes, log } = await ffmpeg([...args, name], { notes: Buffer.from(NOTES) }, name)
  if (!bytes) throw new Error(log.slice(-5).join('\n'))
  return fileOf(name, bytes)
}

const VIDEOS = {
  'plain.mp4': [...PICTURE, ...tone(440), ...X264, ...AAC],
  'index-in-front.mp4': [...PICTURE, ...tone(440), ...X264, ...AAC, '-movflags', '+faststart'],
  'plain.mov': [...PICTURE, ...tone(440), ...X264, ...AAC],
  'negative-offsets.mp4': [...PICTURE, ...tone(440), ...X264, ...AAC, '-movflags', '+negative_cts_offsets'],
  'sound-first.mp4': [...PICTURE, ...tone(440), '-map', '1', '-map', '0', ...X264, ...AAC],
  'sound-later.mp4': [...PICTURE, '-itsoffset', '1.5', ...tone(440), ...FIRST, ...X264, ...AAC],
  'picture-later.mp4': ['-itsoffset', '1.5', ...PICTURE, ...tone(440), ...FIRST, ...X264, ...AAC],
  'no-edits.mp4': [...PICTURE, ...tone(440), ...X264, ...AAC, '-use_editlist', '0'],
  'two-sounds.mp4': [...PICTURE, ...tone(440), ...tone(3000), ...FIRST, '-map', '2', ...X264, ...AAC],
  'two-pictures.mp4': [...PICTURE, ...PICTURE, ...tone(440), ...FIRST, '-map', '2', ...X264, ...AAC],
  'mp3-inside.mp4': [...PICTURE, ...tone(440), ...X264, '-c:a', 'libmp3lame'],
  'alac-inside.mov': [...PICTURE, ...tone(440), ...X264, '-c:a', 'alac'],
  'pcm-inside.mov': [...PICTURE, ...tone(440), ...X264, '-c:a', 'pcm_s16le'],
  'chapters.mp4': [
    ...[
      ...PICTURE,
      ...tone(440),
      '-f',
      'ffmetadata',
      '-i',
      'notes',
      '-map_metadata',
      '2',
      '-map_chapters',
      '2',
    ],
    ...[...FIRST, ...X264, ...AAC],
  ],
} as const

/** What comes of a file with and without hiding its pictures: the same bytes. Answers how many words were hidden. */
async function compare(path: string, wish: WishInput): Promise<number> {
  const results = []
  for (const isOn of [false, true]) {
    hiding.isOn = isOn
    results.push(await run(path, wish, { cores: createCores(2) }))
  }
  const [shown, hidden] = results
  expect(Buffer.compare(shown?.bytes ?? Buffer.alloc(0), hidden?.bytes ?? Buffer.alloc(1))).toBe(0)
  const { seconds: _, settings: __, ...facts } = hidden?.receipt ?? {}
  expect(shown?.receipt).toMatchObject(facts)
  return hiding.words
}

describe('a video whose pictures are hidden sounds as it did', () => {
  describe.each(Object.entries(VIDEOS))('%s', (name, args) => {
    it.each<[string, WishInput]>([
      ['encoded', { bitrate: '64k', start: 2.5, end: 7.25 }],
      ['as it is, or in AAC', { format: 'm4a' }],
    ])('%s', async (_, wish) => {
      expect(await compare(await video(name, args), wish)).toBeGreaterThan(0)
    })
  })
  it('to its end', async () => {
    expect(await compare(await video('plain.mp4', VIDEOS['plain.mp4']), {})).toBeGreaterThan(0)
  })
  it('the second track of sound', async () => {
    const path = await video('two-sounds.mp4', VIDEOS['two-sounds.mp4'])
    expect(await compare(path, { track: 2 })).toBeGreaterThan(0)
  })
  it('with a frame from behind what the engine is told of as its cover, and brought to a loudness', async () => {
    const path = await video('plain.mp4', VIDEOS['plain.mp4'])
    expect(await compare(path, { cover: SECONDS - 2, loudness: -16 })).toBeGreaterThan(0)
  })
  it('also when it is cut', async () => {
    const whole = await readFile(await video('index-in-front.mp4', VIDEOS['index-in-front.mp4']))
    const path = await fileOf('cut-index-in-front.mp4', whole.subarray(0, whole.length * 0.7))
    expect(await compare(path, {})).toBeGreaterThan(0)
  })
})

describe('the edits of the sound', () => {
  it.each([
    ['plain.mp4', true],
    ['plain.mov', true],
    ['sound-later.mp4', true],
    ['two-sounds.mp4', true],
    ['no-edits.mp4', true],
    ['mp3-inside.mp4', false],
  ] as const)('%s: plain: %s', async (name, isPlain) => {
    await compare(await video(name, VIDEOS[name]), { end: 1 })
    expect(hiding.isPlain).toBe(isPlain)
  })
})

describe('a picture is told of in full', () => {
  it.each([['fragments.mp4', [...VIDEOS['plain.mp4'], '-movflags', '+frag_keyframe+empty_moov']]])(
    '%s',
    async (name, args) => {
      expect(await compare(await video(name, args), {})).toBe(0)
    },
  )
  it('when it begins in the middle of its samples', async () => {
    const first = await readFile(await video('plain.mp4', VIDEOS['plain.mp4']))
    const { bytes } = await ffmpeg(
      ['-ss', '10.3', '-i', 'in.mp4', '-c', 'copy', 'out.mp4'],
      { 'in.mp4': first },
      'out.mp4',
    )
    expect(await compare(await fileOf('copied-from-the-middle.mp4', bytes ?? ''), {})).toBe(0)
  })
})
