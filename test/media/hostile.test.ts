import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ByteSource } from '../../src/media/source/byte-source.ts'
import { aviWithPlaylist, movie, playlists, sessionDescription } from '../support/hostile-media.ts'
import { judge } from '../support/judge.ts'
import { longWav, media } from '../support/make-media.ts'
import { box, full, word } from '../support/mp4-boxes.ts'
import { LIMITS } from './run-wish.ts'
import { bytesOf, convertBytes, outcomeOf, sourceOf } from './try-convert.ts'

describe('hostile media reads nothing and reaches nothing', () => {
  let connections = 0
  const listener = createServer((socket) => {
    connections++
    socket.destroy()
  })
  const address = () => {
    const bound = listener.address()
    return typeof bound === 'object' && bound ? bound.port : 0
  }
  let canary = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    canary = await longWav(1)
  })
  afterAll(() => void listener.close())

  const refusedSoon = async (bytes: Uint8Array | string) => {
    const started = performance.now()
    const { code } = await convertBytes(bytes)
    expect(performance.now() - started).toBeLessThan(5_000)
    return code
  }

  it('a playlist, whatever it names', async () => {
    const lists = playlists(canary, `http://127.0.0.1:${address()}/a.ts`)
    for (const [what, text] of Object.entries(lists)) {
      expect(await refusedSoon(text), what).toBe('MEDIA_UNREADABLE')
      expect(await refusedSoon(`\ufeff${text}`), `${what}, with a mark`).toBe('MEDIA_UNREADABLE')
    }
  })
  it('a description of a stream', async () =>
    expect(await refusedSoon(sessionDescription(address()))).toBe('MEDIA_UNREADABLE'))
  it('a subtitle track that is a playlist: the sound alone is read', async () => {
    const list = playlists(canary, '')['HLS naming a file'] ?? ''
    const { receipt, bytes } = await convertBytes(aviWithPlaylist(list))
    expect(receipt?.result.duration).toBeCloseTo(2, 1)
    expect((await judge(bytes ?? new Uint8Array())).peak).toBeLessThan(0.01)
  })
  it.each(['file', 'address'])('a movie whose samples lie in another %s', async (where) => {
    const elsewhere = where === 'file' ? canary : `http://127.0.0.1:${address()}/a.wav`
    const { receipt, bytes } = await convertBytes(movie({ elsewhere }))
    if (!bytes) return
    expect(receipt?.result.duration).toBeCloseTo(1, 1)
    expect((await judge(bytes)).peak).toBeLessThan(0.01)
  })
  it('nobody was called', () => expect(connections).toBe(0))
})

describe('bombs', () => {
  it.each([true, false])(
    'sound without end is stopped at the limit of media time (copied: %s)',
    async (mayCopy) => {
      // 24 hours: an MP3 frame of silence over and over, 8 kHz, 8 kbit/s.
      const frame = Buffer.alloc(72)
      frame.writeUInt32BE(0xffe3_18c4)
      const endless: ByteSource = {
        ...sourceOf(frame),
        size: frame.length * 1_200_000,
        read: async (offset, length) =>
          Buffer.alloc(length + frame.length, frame)
            .subarray(offset % frame.length)
            .subarray(0, length),
      }
      const limits = { ...LIMITS, maxDuration: 600_000 }
      expect((await outcomeOf(endless, { limits, mayCopy })).code).toBe('MEDIA_TOO_LONG')
    },
    120_000,
  )
  it('a duration that is absurd is refused before work starts', async () =>
    expect((await convertBytes(movie({ told: 100_000 }))).code).toBe('MEDIA_TOO_LONG'))
  it('1,000 tracks', async () => {
    const { code, receipt } = await convertBytes(movie({ tracks: 1000 }))
    if (receipt) expect(receipt.result.duration).toBeCloseTo(1, 1)
    else expect(code).toMatch(/^(MEDIA_|MEMORY_)/)
  })
  it('100,000 chapters', async () => {
    const titles = Array.from({ length: 255 }, (_, place) =>
      Buffer.concat([word(0), word(place), Buffer.from([200]), Buffer.alloc(200, 'x')]),
    )
    const chapters = Array.from({ length: 400 }, () =>
      full('chpl', Buffer.from([0, 0, 0, 0, 255]), ...titles),
    )
    const { code, receipt } = await convertBytes(movie({ more: [box('udta', ...chapters)] }))
    if (receipt) expect(receipt.result.duration).toBeCloseTo(1, 1)
    else expect(code).toMatch(/^(MEDIA_|MEMORY_)/)
  })
  it('a gigabyte of tags', async () => {
    // An ID3v2 tag may say that it has 256 MB; four of them, then sound.
    const head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f])
    const tag = 0x0fffffff + head.length
    const sound = await bytesOf(media('mp3'))
    const tagged: ByteSource = {
      ...sourceOf(sound),
      size: tag * 4 + sound.length,
      async read(offset, length) {
        const bytes = Buffer.alloc(Math.min(length, tag * 4 + sound.length - offset))
        for (const start of [0, tag, tag * 2, tag * 3])
          if (start >= offset - head.length && start < offset + length) place(bytes, head, start - offset)
        place(bytes, sound, tag * 4 - offset)
        return bytes
      },
    }
    const { code, receipt } = await outcomeOf(tagged)
    if (receipt) expect(receipt.result.duration).toBeCloseTo(3, 0)
    else expect(code).toMatch(/^(MEDIA_|MEMORY_|CONVERSION_)/)
  }, 120_000)
})

/** Puts `piece` at `at`, as far as it lies inside. */
function place(bytes: Buffer, piece: Buffer | Uint8Array, at: number): void {
  if (at >= bytes.length || at + piece.length <= 0) return
  bytes.set(piece.subarray(Math.max(0, -at), bytes.length - at), Math.max(0, at))
}
