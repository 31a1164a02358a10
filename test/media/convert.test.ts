import { describe, expect, it } from 'vitest'
import { parseWish } from '../../src/domain/wish/wish.ts'
import { convert } from '../../src/media/convert.ts'
import { createCores } from '../../src/media/cores.ts'
import { openFileSource } from '../../src/media/source/file-source.ts'
import { judge, packetHash } from '../support/judge.ts'
import {
  damaged,
  fileOf,
  type Kind,
  madeBy,
  media,
  muteVideo,
  RECIPES,
  truncated,
} from '../support/make-media.ts'
import { memorySink } from './memory-sink.ts'
import { codeOf, LIMITS, run } from './run-wish.ts'

describe('what comes in', () => {
  it.each(Object.keys(RECIPES) as Kind[])('%s becomes an mp3 of its length', async (kind) => {
    const { receipt, bytes } = await run(await media(kind), { bitrate: '128k' })
    expect(receipt).toMatchObject({
      plan: 'blocks',
      warning: null,
      result: { format: 'mp3', bytes: bytes.length },
    })
    const heard = await judge(bytes)
    expect(heard).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2, bitrate: 128_000 })
    expect(Math.abs(heard.seconds - 3)).toBeLessThan(0.1)
    expect(heard.peak).toBeGreaterThan(0.1)
    // The tag tells delay and padding: a gapless player plays as many samples as were decoded.
    expect(Math.round(heard.seconds * 44_100)).toBe(receipt.result.samples)
  })
})

describe('what comes out', () => {
  it.each([
    ['m4a', 'aac', 44_100],
    ['opus', 'opus', 48_000],
    ['ogg', 'vorbis', 44_100],
    ['flac', 'flac', 44_100],
    ['wav', 'pcm_s16le', 44_100],
  ])('%s decodes and lasts as long', async (format, codec, sampleRate) => {
    const { receipt, bytes } = await run(await media('avi'), { format })
    const heard = await judge(bytes)
    expect(heard).toMatchObject({ codec, sampleRate, channels: 2 })
    expect(Math.abs(heard.seconds - receipt.source.duration)).toBeLessThan(0.06)
    expect(receipt.loudness?.integrated).toBeLessThan(0)
  })
  it.each([
    ['mp3', 'avi'],
    ['m4a', 'mp4 with moov at the end'],
    ['m4a', 'ts'],
    ['opus', 'webm'],
    ['ogg', 'mkv'],
    ['flac', 'flac'],
    ['wav', 'wav'],
  ] as const)('%s out of %s is a copy of its packets', async (format, kind) => {
    const path = await media(kind)
    const { receipt, bytes } = await run(path, { format })
    expect(receipt).toMatchObject({ plan: 'copy', warning: null })
    if (kind === 'ts' || format === 'flac') return
    const { readFile } = await import('node:fs/promises')
    expect(await packetHash(bytes)).toBe(await packetHash(await readFile(path)))
  })
  it('makes variable bitrate and the best there is', async () => {
    const vbr = await run(await media('wav'), { quality: 'V2' })
    expect(vbr.receipt.result).toMatchObject({ bitrate: null, samples: 3 * 44_100 })
    const best = await run(await media('flv'), { format: 'ogg', quality: 'best' })
    expect(best.receipt.result.bitrate).toBeLessThanOrEqual(96_000)
  })
  it.each([true, false])('makes an average bitrate (by blocks: %s)', async (mayCopy) => {
    const { receipt, bytes } = await run(await media('wav'), { abr: '150k' }, { mayCopy })
    expect(receipt).toMatchObject({
      plan: mayCopy ? 'blocks' : 'encode',
      result: { bitrate: 150_000, samples: 3 * 44_100 },
    })
    expect(bytes.includes('Xing')).toBe(true)
    expect((await judge(bytes)).seconds).toBe(3)
  })
  it('is the same bytes every time', async () => {
    const path = await media('mkv')
    const [first, second] = [await run(path), await run(path)]
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0)
  })
})

describe('an mp3 by several encoders', () => {
  it('is the same however many there are, and as long as the source to the sample', async () => {
    const path = await media('wav', 40)
    const [one, three] = [await run(path), await run(path, {}, { cores: createCores(3) })]
    expect(three.receipt.blocks).toMatchObject({ lanes: 3, blocks: 4 })
    expect(one.receipt.blocks).toMatchObject({ lanes: 1, blocks: 4 })
    expect(Buffer.compare(one.bytes, three.bytes)).toBe(0)
    expect(three.receipt.result.samples).toBe(40 * 44_100)
    expect((await judge(three.bytes)).seconds).toBe(40)
  })
  it('goes to one encoder after a result that was not valid, and says why', async () => {
    const { receipt } = await run(await media('wav'), { bitrate: '128k' }, { mayCopy: false })
    expect(receipt).toMatchObject({ plan: 'encode', reason: expect.stringContaining('not valid') })
  })
  it('two at once share the cores, and end as they would alone', async () => {
    const path = await media('wav', 40)
    const cores = createCores(2)
    const [first, second] = await Promise.all([run(path, {}, { cores }), run(path, {}, { cores })])
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0)
  })
  it('ends with its threads when it is cancelled, whenever that is', async () => {
    const path = await media('wav', 40)
    const ports = () => process.getActiveResourcesInfo().filter((each) => each === 'MessagePort').length
    await expect.poll(ports, { timeout: 10_000 }).toBe(0) // threads of the tests before rest a while
    for (const milliseconds of [0, 60, 150, 400]) {
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(), milliseconds)
      expect(await codeOf(path, {}, { cores: createCores(2), signal: cancel.signal })).toBe(
        'CONVERSION_CANCELLED',
      )
    }
    await expect.poll(ports).toBe(0)
  })
})

describe('what is wrong with a source', () => {
  it.each([
    ['nothing in it', () => fileOf('empty.mp4', ''), 'MEDIA_EMPTY'],
    ['text', () => fileOf('text.mkv', 'This is no video.\n'.repeat(100)), 'MEDIA_UNREADABLE'],
    ['no sound', muteVideo, 'MEDIA_NO_AUDIO'],
    [
      'a playlist of other files',
      () => fileOf('list.mp4', 'ffconcat version 1.0\nfile /etc/passwd\n'),
      'MEDIA_UNREADABLE',
    ],
    [
      'a playlist of addresses',
      () => fileOf('hls.mkv', '#EXTM3U\n#EXTINF:9\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n'),
      'MEDIA_UNREADABLE',
    ],
    ['its index cut off', () => truncated('mp4 with moov at the end', 0.6), 'MEDIA_UNREADABLE'],
  ])('%s', async (_, make, code) => expect(await codeOf(await make())).toBe(code))

  it.each([
    'mkv',
    'mp4 with moov in front',
    'webm',
    'avi',
    'ts',
    'flv',
    'wmv',
    'flac',
    'wav',
    'ogg',
  ] as const)('a cut %s is partial, never plainly done', async (kind) => {
    const code = await codeOf(await truncated(kind, 0.553), {}, { mayCopy: false })
    expect(code).toBe('SOURCE_TRUNCATED')
  })
  it('a copy that would end in half a frame is refused, so that the next attempt decodes it', async () =>
    expect(await codeOf(await truncated('avi', 0.55))).toBe('RESULT_INVALID'))
  const samples = (count: number, ext: string) =>
    madeBy(`samples-${count}.${ext}`, [
      '-f',
      'lavfi',
      '-i',
      'sine=r=44100',
      '-af',
      `atrim=end_sample=${count}`,
    ])
  it.each(['wav', 'flac'])('a track of sound in %s that is empty is no sound', async (ext) =>
    expect(await codeOf(await samples(0, ext))).toBe('MEDIA_NO_AUDIO'),
  )
  it.each(['wav', 'flac'])('one sample in %s is a sound', async (ext) => {
    const path = await samples(1, ext)
    for (const format of ['mp3', 'm4a', 'ogg', 'wav'])
      expect((await run(path, { format })).receipt).toMatchObject({ warning: null })
    expect((await run(path)).receipt.result.samples).toBe(1)
    expect(await codeOf(path, { start: 1 })).toBe('WISH_UNMET')
  })
  it('a damaged mp3 is no good copy; encoded anew it is partial', async () => {
    const path = await damaged('mp3', 0.4, 0.5)
    expect(await codeOf(path)).toBe('RESULT_INVALID')
    expect(await codeOf(path, {}, { mayCopy: false })).toMatch(/^SOURCE_/)
  })
  it.each(['mkv', 'mp4 with moov in front', 'ts', 'flac'] as const)(
    'a damaged %s is partial or failed',
    async (kind) =>
      expect(await codeOf(await damaged(kind, 0.4, 0.5))).toMatch(/^(SOURCE_|MEDIA_UNREADABLE)/),
  )
})

describe('limits', () => {
  it('end a conversion with a code of their own', async () => {
    const path = await media('wav', 20)
    const limited = (limit: Partial<typeof LIMITS>) => codeOf(path, {}, { limits: { ...LIMITS, ...limit } })
    expect(await limited({ maxDuration: 5000 })).toBe('MEDIA_TOO_LONG')
    expect(await limited({ maxOutput: 10_000 })).toBe('RESULT_TOO_LARGE')
    expect(await limited({ jobTimeout: 1 })).toBe('CONVERSION_TIMEOUT')
  })
  it('cancelling ends it at once', async () => {
    const cancel = new AbortController()
    const ended = codeOf(await media('wav', 20), {}, { signal: cancel.signal })
    setTimeout(() => cancel.abort(), 100)
    const asked = performance.now()
    expect(await ended).toBe('CONVERSION_CANCELLED')
    expect(performance.now() - asked).toBeLessThan(2000)
  })
  it('a source that never answers is a standstill', async () => {
    const hanging = {
      size: 1000,
      gap: 0,
      read: () => new Promise<Uint8Array>(() => {}),
      close: async () => {},
    }
    const limits = { ...LIMITS, stallTimeout: 300 }
    await expect(
      convert(hanging, parseWish({}), memorySink(), { limits, mayCopy: true }),
    ).rejects.toMatchObject({
      code: 'CONVERSION_STALLED',
    })
  })
  it('a source or a sink that fails ends it with its own failure', async () => {
    const broken = {
      size: 1000,
      gap: 0,
      read: () => Promise.reject(new Error('the store is gone')),
      close: async () => {},
    }
    await expect(
      convert(broken, parseWish({}), memorySink(), { limits: LIMITS, mayCopy: true }),
    ).rejects.toThrow('the store is gone')
    const full = { ...memorySink(), write: () => Promise.reject(new Error('the disk is full')) }
    const source = await openFileSource(await media('wav', 20))
    await expect(convert(source, parseWish({}), full, { limits: LIMITS, mayCopy: true })).rejects.toThrow(
      'the disk is full',
    )
    await source.close()
  })
  it('progress never falls and reaches the end', async () => {
    const seen: number[] = []
    await run(await media('wav', 20), {}, { onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.every((each) => each >= 0 && each <= 1)).toBe(true)
  })
})
