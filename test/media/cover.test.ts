import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Picture, readPicture } from '../../src/media/cover/picture.ts'
import { writeId3 } from '../../src/media/tags/id3.ts'
import { present } from '../support/announce-absent.ts'
import { coverOf } from '../support/cover-of.ts'
import { ffmpeg } from '../support/ffmpeg.ts'
import { judge, packetHash } from '../support/judge.ts'
import { fileOf, madeBy, media } from '../support/make-media.ts'
import { run as program } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { codeOf, run } from './run-wish.ts'

const picture = (name: string, size = '300x200') =>
  madeBy(name, ['-f', 'lavfi', '-i', `testsrc=s=${size}`, '-frames:v', '1']).then((path) => readFile(path))
const jpeg = () => picture('cover.jpg')
const png = () => picture('cover.png', '64x48')

const COPIED = ['-map', '1:v', '-c:v', 'copy', '-disposition:v', 'attached_pic']

/** Three seconds of sound with this cover. */
async function covered(ext: string, codec: readonly string[], cover: Uint8Array, name: string) {
  const file = `${name}.${ext}`
  const sound = ['-f', 'lavfi', '-t', '3', '-i', 'sine=440:r=44100', '-f', 'image2pipe', '-i', 'cover']
  const { bytes, log } = await ffmpeg([...sound, '-map', '0', ...codec, ...COPIED, file], { cover }, file)
  if (!bytes) throw new Error(log.slice(-5).join('\n'))
  return fileOf(file, bytes)
}

/** A video with a picture attached to it. */
async function attached(cover: Uint8Array): Promise<string> {
  const file = 'attached.mkv'
  const attach = ['-attach', 'cover.jpg', '-metadata:s:t', 'mimetype=image/jpeg']
  const { bytes } = await ffmpeg(
    ['-i', 'in', '-c', 'copy', ...attach, file],
    { in: await readFile(await media('mkv')), 'cover.jpg': cover },
    file,
  )
  return fileOf(file, bytes ?? '')
}

/** An MP3 whose tag has any bytes for a cover. */
async function tagged(name: string, bytes: Uint8Array): Promise<string> {
  const cover: Picture = { type: 'image/png', width: 1, height: 1, bytes }
  const tag = writeId3({ tags: { title: 'Tagged' }, chapters: [] }, cover)
  const { bytes: sound } = await ffmpeg(
    ['-i', 'in', '-c', 'copy', '-id3v2_version', '0', 'out.mp3'],
    { in: await readFile(await media('mp3')) },
    'out.mp3',
  )
  return fileOf(name, Buffer.concat([tag, sound ?? new Uint8Array()]))
}

describe('the cover of the source', () => {
  const KINDS = [
    ['mp3', 'mp3'],
    ['m4a', 'aac'],
    ['flac', 'flac'],
    ['opus', 'libopus'],
    ['ogg', 'libvorbis'],
  ] as const
  it.each(KINDS)('stands in %s, byte by byte', async (format) => {
    const cover = await jpeg()
    const { bytes, receipt } = await run(await attached(cover), { format, title: 'Covered' })
    expect(receipt.warning).toBeNull()
    expect((await coverOf(bytes))?.equals(cover)).toBe(true)
    expect(Math.abs((await judge(bytes)).seconds - 3)).toBeLessThan(0.06)
    expect((await run(await attached(cover), { format, title: 'Covered' })).bytes.equals(bytes)).toBe(true)
  })
  it.each(KINDS)('stands in %s that is made of an MP3 with a PNG', async (format) => {
    const cover = await png()
    const path = await tagged('png.mp3', cover)
    expect(
      (
        await coverOf((await run(path, { format, bitrate: format === 'mp3' ? '64k' : undefined })).bytes)
      )?.equals(cover),
    ).toBe(true)
  })
  it.each([
    ['mp3', 'mp3', ['-c:a', 'libmp3lame']],
    ['m4a', 'm4a', ['-c:a', 'aac']],
    ['flac', 'flac', ['-c:a', 'flac']],
  ])('stands in a copy of %s, whose packets stay as they are', async (ext, format, codec) => {
    const cover = await jpeg()
    const path = await covered(ext, codec, cover, 'covered')
    const { bytes, receipt } = await run(path, { format })
    expect(receipt.plan).toBe('copy')
    expect((await coverOf(bytes))?.equals(cover)).toBe(true)
    expect(await packetHash(bytes)).toBe(await packetHash(await readFile(path)))
    const dropped = await run(path, { format, cover: 'drop' })
    expect(await coverOf(dropped.bytes)).toBeNull()
    expect(await packetHash(dropped.bytes)).toBe(await packetHash(bytes))
  })
  it.each(['opus', 'ogg'])('stands in a copy of %s that was made here', async (format) => {
    const cover = await jpeg()
    const made = await run(await attached(cover), { format })
    const path = await fileOf(`made-here.${format}`, made.bytes)
    const { bytes, receipt } = await run(path, { format, title: 'Else' })
    expect(receipt.plan).toBe('copy')
    expect((await coverOf(bytes))?.equals(cover)).toBe(true)
    expect(await packetHash(bytes)).toBe(await packetHash(made.bytes))
  })
  it('goes with the metadata, unless it is asked for', async () => {
    const path = await attached(await jpeg())
    expect(await coverOf((await run(path, { metadata: 'drop' })).bytes)).toBeNull()
    expect(await coverOf((await run(path, { metadata: 'drop', cover: 'keep' })).bytes)).not.toBeNull()
    expect((await run(path, { format: 'wav', cover: 'keep' })).receipt.warning).toBeNull()
  })
  it('counts for a size, and is left out where nobody asked and it would take much of that', async () => {
    const noise = await picture('noise.jpg', '1000x800')
    const path = await tagged('sized.mp3', noise)
    const size = `${Math.ceil((noise.length * 1.35) / 1024) + 40}KB`
    for (const format of ['mp3', 'm4a', 'opus', 'ogg']) {
      const asked = await run(path, { format, size, cover: 'keep' })
      expect(asked.bytes.length).toBeLessThanOrEqual(Number.parseInt(size, 10) * 1024)
      expect((await coverOf(asked.bytes))?.equals(noise)).toBe(true)
      expect(await coverOf((await run(path, { format, size })).bytes)).toBeNull()
    }
  })
})

describe('a frame of the video', () => {
  /** Red for two seconds, then green, as h264 with one keyframe. */
  const redThenGreen = (ext: string, codec: readonly string[], size = '320x240') => {
    const color = (name: string) => ['-f', 'lavfi', '-t', '2', '-i', `color=${name}:s=${size}:r=10`]
    const sound = ['-f', 'lavfi', '-t', '4', '-i', 'sine']
    const joined = ['-filter_complex', '[0][1]concat=n=2[v]', '-map', '[v]', '-map', '2', '-g', '100']
    return madeBy(`red-green-${size}.${ext}`, [
      ...color('red'),
      ...color('green'),
      ...sound,
      ...joined,
      ...codec,
    ])
  }
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
  /** Width, height and the color in the middle. */
  const look = async (bytes: Uint8Array) => {
    const cover = (await coverOf(bytes)) ?? Buffer.alloc(0)
    const args = ['-f', 'mjpeg', '-i', 'in', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'out']
    const { bytes: pixels, log } = await ffmpeg(args, { in: cover }, 'out')
    const [, width, height] = /Video: mjpeg.*?, (\d+)x(\d+)/.exec(log.join('\n')) ?? []
    const [red = 0, green = 0] = pixels?.subarray(Math.floor(pixels.length / 6) * 3) ?? []
    return { width: Number(width), height: Number(height), color: red > green ? 'red' : 'green' }
  }
  it.each([
    ['mp4', h264, 'm4a'],
    ['mkv', h264, 'mp3'],
    ['webm', ['-c:v', 'libvpx', '-deadline', 'realtime'], 'opus'],
    ['avi', ['-c:v', 'mpeg4'], 'flac'],
    ['ts', ['-c:v', 'mpeg2video'], 'ogg'],
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], 'mp3'],
    ['mjpeg.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'], 'm4a'],
    ['png.mov', ['-c:v', 'png', '-pix_fmt', 'rgb24'], 'mp3'],
  ])('of %s is its cover', async (ext, codec, format) => {
    const path = await redThenGreen(ext, codec)
    const early = await run(path, { format, cover: '0:00' })
    expect(await look(early.bytes)).toEqual({ width: 320, height: 240, color: 'red' })
    expect(early.receipt.warning).toBeNull()
    expect(await look((await run(path, { format, cover: 3 })).bytes)).toMatchObject({ color: 'green' })
  })
  // The encoder hangs in WebAssembly: a native one makes the file.
  it.skipIf(!present('ffmpeg'))('of hevc is its cover', async () => {
    const path = join(await temporaryFolder(), 'hevc.mp4')
    const color = (name: string) => ['-f', 'lavfi', '-t', '2', '-i', `color=${name}:s=320x240:r=10`]
    const joined = ['-filter_complex', '[0][1]concat=n=2[v]', '-map', '[v]', '-map', '2']
    const codec = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
    const sources = [...color('red'), ...color('green'), '-f', 'lavfi', '-t', '4', '-i', 'sine']
    expect((await program('ffmpeg', ['-v', 'error', ...sources, ...joined, ...codec, path])).code).toBe(0)
    expect(await look((await run(path, { cover: 0 })).bytes)).toMatchObject({ width: 320, color: 'red' })
    expect(await look((await run(path, { cover: 3 })).bytes)).toMatchObject({ color: 'green' })
  })
  it('is no larger than 1280 pixels a side', async () => {
    expect(await look((await run(await redThenGreen('mp4', h264, '1920x1080'), { cover: 1 })).bytes)).toEqual(
      {
        width: 1280,
        height: 720,
        color: 'red',
      },
    )
    expect(await look((await run(await redThenGreen('mp4', h264, '1080x1920'), { cover: 1 })).bytes)).toEqual(
      {
        width: 720,
        height: 1280,
        color: 'red',
      },
    )
  })
  it('that is not there is refused', async () => {
    const refused = (path: string, cover: number) =>
      run(path, { cover }).then(
        () => 'done',
        (error: unknown) => String(error),
      )
    expect(await refused(await media('mp3'), 1)).toContain('has no video')
    expect(await refused(await tagged('png.mp3', await png()), 0)).toContain('has no video')
    expect(await refused(await media('wmv'), 1)).toContain('video in wmv2')
    expect(await refused(await redThenGreen('mp4', h264), 60)).toContain('at 1:00')
    expect(await codeOf(await media('mp3'), { cover: 1 })).toBe('WISH_UNMET')
    const whole = await readFile(await redThenGreen('mp4', h264))
    const noise = Buffer.from(whole)
    for (let at = noise.indexOf('mdat') + 4; at < noise.indexOf('moov') - 4; at++)
      noise[at] = (at * 7919) & 0xff
    expect(await codeOf(await fileOf('noise.mp4', noise), { cover: 1 })).toMatch(
      /WISH_UNMET|SOURCE_DAMAGED|UNREADABLE/,
    )
  })
})

describe('a picture that is given', () => {
  it.each(['mp3', 'm4a', 'flac', 'opus', 'ogg'])('is the cover of %s', async (format) => {
    const cover = readPicture(await png())
    const path = await attached(await jpeg())
    const { bytes } = await run(path, { format, metadata: 'drop' }, { cover })
    expect((await coverOf(bytes))?.equals(await png())).toBe(true)
  })
  it('that has no place is refused', async () => {
    const cover = readPicture(Buffer.concat([await png(), Buffer.alloc(2e6)]))
    expect(await codeOf(await media('wav'), { format: 'wav' }, { cover })).toBe('WISH_UNMET')
    expect(await codeOf(await media('wav'), {}, { cover })).toBe('WISH_UNMET')
  })
})

describe('a hostile cover is left out, and the sound is made', () => {
  const header = async (side: number) => {
    const bytes = Buffer.from(await png())
    bytes.writeUInt32BE(side, 16)
    bytes.writeUInt32BE(side, 20)
    return bytes
  }
  it.each([
    ['of 60 MB', async () => Buffer.concat([await png(), Buffer.alloc(60e6)])],
    ['that is a page', async () => Buffer.from('<script>alert(1)</script>')],
    ['of 30,000 pixels a side', () => header(30_000)],
    ['of no pixels', () => header(0)],
    ['of nothing', async () => Buffer.alloc(0)],
  ])('%s', async (name, cover) => {
    const path = await tagged(`hostile ${name}.mp3`, await cover())
    for (const format of ['mp3', 'm4a', 'flac', 'ogg']) {
      const { bytes, receipt } = await run(path, { format })
      expect(receipt.warning).toBeNull()
      expect(await coverOf(bytes)).toBeNull()
      expect(Math.abs((await judge(bytes)).seconds - 3)).toBeLessThan(0.1)
    }
  })
  it('larger than the front of an MP3 can be, in the others it stays', async () => {
    const large = Buffer.concat([await png(), Buffer.alloc(3e6)])
    const path = await tagged('large.mp3', large)
    expect(await coverOf((await run(path, { bitrate: '64k' })).bytes)).toBeNull()
    for (const format of ['m4a', 'flac', 'opus'])
      expect((await coverOf((await run(path, { format })).bytes))?.equals(large)).toBe(true)
  })
})
