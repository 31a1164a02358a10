import { expect, it } from 'vitest'
import { ffmpeg } from '../support/ffmpeg.ts'
import { fileOf } from '../support/make-media.ts'
import { run } from './run-wish.ts'

/** More than a few fragments of the engine. */
const SECONDS = 45
/** Silence for some fragments, then sound: what is told of the whole is not what is told of the first. */
const tone = [
  '-f',
  'lavfi',
  '-t',
  `${SECONDS}`,
  '-i',
  `sine=440:b=4:r=44100,volume=enable='lt(t,25)':volume=0`,
]
const picture = ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', 'testsrc=s=32x32:r=5']
const AAC = ['-c:a', 'aac', '-b:a', '96k']
const NOTES = `;FFMETADATA1
title=Joined
[CHAPTER]
TIMEBASE=1/1
START=0
END=20
title=One
[CHAPTER]
TIMEBASE=1/1
START=20
END=${SECONDS}
title=Two
`
const chapters = ['-f', 'ffmetadata', '-i', 'notes', '-map_metadata', '1', '-map_chapters', '1']

const SOURCES = {
  'plain.mp4': [...tone, ...AAC],
  'broadcast.ts': [...tone, ...AAC],
  'later.mp4': [...picture, '-itsoffset', '1.5', ...tone, '-c:v', 'mpeg4', ...AAC],
  'chapters.mp4': [...tone, ...chapters, ...AAC],
  'many.mkv': [...tone, ...AAC],
}

/** The packets of the sound, their times, and what else the file is said to have. */
async function content(bytes: Uint8Array) {
  const hashes = ['-i', 'in', '-map', '0:a', '-c', 'copy', '-f', 'framemd5', 'out']
  const { bytes: packets, log } = await ffmpeg(hashes, { in: bytes }, 'out')
  const esds = Buffer.from(bytes).lastIndexOf('esds')
  const described = Buffer.from(bytes.subarray(esds, esds + 40)).toString('hex')
  const told = log.filter((line) => /Duration: |Chapter #|title +: |Stream #0:.*Audio|timed/.test(line))
  return { packets: Buffer.from(packets ?? []).toString(), described, told }
}

it.each(Object.entries(SOURCES))('%s in M4A is what the engine would write at once', async (name, args) => {
  const { bytes: source } = await ffmpeg([...args, name], { notes: Buffer.from(NOTES) }, name)
  const path = await fileOf(`joined-${name}`, source ?? new Uint8Array())
  const { receipt, bytes } = await run(path, { format: 'm4a' })
  expect(receipt.plan).toBe('copy')
  const atOnce = ['-i', name, '-map', '0:a', '-c', 'copy', '-f', 'ipod', 'once.m4a']
  const { bytes: once } = await ffmpeg(atOnce, { [name]: source ?? new Uint8Array() }, 'once.m4a')
  expect(bytes.includes('moof')).toBe(false)
  expect(await content(bytes)).toEqual(await content(once ?? new Uint8Array()))
})
