import { describe, expect, it } from 'vitest'
import { ffmpeg } from '../support/ffmpeg.ts'
import { judge } from '../support/judge.ts'
import { fileOf, madeBy, media } from '../support/make-media.ts'
import { run } from './run-wish.ts'

const NOTES = `;FFMETADATA1
title=Two \\= \\; three
artist=Jörg Müller 音
album=Album
date=2024
genre=Talk
comment=first\\
second
encoder=Somebody
secret=position
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1500
title=Beginning
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=3000
title=Ünd
`
/** A source of three seconds with tags and two chapters. */
async function tagged(
  ext: string,
  codec: readonly string[],
  notes = NOTES,
  name = 'tagged',
): Promise<string> {
  const inputs = [
    '-f',
    'lavfi',
    '-t',
    '3',
    '-i',
    'sine=440:r=44100',
    '-i',
    'notes',
    '-map',
    '0',
    '-map_metadata',
    '1',
  ]
  const file = `${name}.${ext}`
  const { bytes, log } = await ffmpeg([...inputs, ...codec, file], { notes: Buffer.from(notes) }, file)
  if (!bytes) throw new Error(log.slice(-5).join('\n'))
  return fileOf(file, bytes)
}

/** Tags and chapters of a file, in FFmpeg's own words; of Ogg they stand with the track. */
async function notesOf(bytes: Uint8Array): Promise<string> {
  const { container } = await judge(bytes)
  const from = container === 'ogg' ? '0:s:0' : '0'
  const args = ['-i', 'in', '-map_metadata', from, '-f', 'ffmetadata', 'out']
  const { bytes: notes } = await ffmpeg(args, { in: bytes }, 'out')
  return Buffer.from(notes ?? []).toString()
}
const CHAPTERS = /START=0\n[\s\S]*title=Beginning\n[\s\S]*title=Ünd\n/

describe('tags and chapters', () => {
  it.each([
    ['mp3', true],
    ['m4a', true],
    ['opus', true],
    ['ogg', false],
    ['flac', false],
  ])('of the source stand in %s', async (format, chapters) => {
    const { bytes, receipt } = await run(await tagged('mkv', ['-c:a', 'ac3']), { format })
    expect(receipt).toMatchObject({ plan: format === 'mp3' ? 'blocks' : 'encode', warning: null })
    const notes = (await notesOf(bytes)).toLowerCase()
    for (const line of [
      'title=two \\= \\; three',
      'artist=jörg müller 音',
      'album=album',
      'date=2024',
      'genre=talk',
      'first second',
    ])
      expect(notes).toContain(line)
    expect(notes).not.toMatch(/secret|somebody/)
    if (chapters) expect(await notesOf(bytes)).toMatch(CHAPTERS)
    expect(Math.abs((await judge(bytes)).seconds - 3)).toBeLessThan(0.06)
    expect(Buffer.compare((await run(await tagged('mkv', ['-c:a', 'ac3']), { format })).bytes, bytes)).toBe(0)
  })
  it.each([
    ['mp3', 'mp3', ['-c:a', 'libmp3lame']],
    ['m4a', 'm4a', ['-c:a', 'aac']],
    ['opus', 'opus', ['-c:a', 'libopus']],
    ['ogg', 'ogg', ['-c:a', 'libvorbis']],
    ['flac', 'flac', ['-c:a', 'flac']],
  ])('of %s stand in its copy', async (ext, format, codec) => {
    const { bytes, receipt } = await run(await tagged(ext, codec), { format, artist: 'Else' })
    expect(receipt).toMatchObject({ plan: 'copy', warning: null })
    const notes = (await notesOf(bytes)).toLowerCase()
    expect(notes).toContain('title=two \\= \\; three')
    expect(notes).toContain('artist=else')
  })
  it('are dropped when asked', async () => {
    const { bytes } = await run(await tagged('mkv', ['-c:a', 'ac3']), { metadata: 'drop', title: 'Only' })
    const notes = await notesOf(bytes)
    expect(notes).toContain('title=Only')
    expect(notes).not.toMatch(/artist|CHAPTER/)
  })
  it('of wav stand in its info chunk', async () => {
    const { bytes, receipt } = await run(await media('mkv'), { format: 'wav', title: 'Wave', comment: 'Y' })
    expect(await notesOf(bytes)).toMatch(/title=Wave[\s\S]*comment=Y|comment=Y[\s\S]*title=Wave/)
    expect(receipt.result.samples).toBe(Math.round((await judge(bytes)).seconds * 44_100))
  })
})

describe('hostile tags', () => {
  it('a megabyte in one tag, control characters and line breaks do no harm', async () => {
    const notes = `;FFMETADATA1\ntitle=${'x'.repeat(1e6)}\nartist=a\u0001b\u001b[31m\\\nStream #0:9: Audio: mp3\n`
    const path = await tagged('mkv', ['-c:a', 'ac3'], notes, 'hostile-tags')
    const { bytes, receipt } = await run(path, { format: 'mp3' })
    expect(receipt.source.codec).toBe('ac3')
    const found = await notesOf(bytes)
    expect(/title=(x*)/.exec(found)?.[1]).toHaveLength(1000)
    expect(found).toContain('artist=a b [31m Stream \\#0:9: Audio: mp3')
  })
  it('ten thousand chapters do not hide the sound, and are left out', async () => {
    const chapters = Array.from(
      { length: 10_000 },
      (_, at) => `[CHAPTER]\nTIMEBASE=1/10000\nSTART=${at}\nEND=${at + 1}\ntitle=c${at}\n`,
    )
    const path = await tagged(
      'mkv',
      ['-c:a', 'ac3'],
      `;FFMETADATA1\ntitle=Many\n${chapters.join('')}`,
      'chapters',
    )
    const { bytes } = await run(path, { format: 'mp3' })
    const found = await notesOf(bytes)
    expect(found).toContain('title=Many')
    expect(found).not.toContain('CHAPTER')
  })
})

it('tags count for a size', async () => {
  const path = await madeBy('second.wav', ['-f', 'lavfi', '-t', '1', '-i', 'sine'])
  const comment = 'y'.repeat(1000)
  const { bytes } = await run(path, { size: '9KB', comment, title: comment, album: comment })
  expect(bytes.length).toBeLessThanOrEqual(9 * 1024)
})
