import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { box, full } from '../../../../test/support/mp4-boxes.ts'
import type { ByteSource } from '../byte-source.ts'
import { findSound } from './find-sound.ts'

const SOUN = 0x736f756e
const VIDE = 0x76696465
const track = (id: number, handler: number, ...tables: Buffer[]) =>
  box(
    'trak',
    full('tkhd', 0, 0, id),
    box('mdia', full('hdlr', 0, handler), box('minf', box('stbl', ...tables))),
  )
/** Two chunks of two samples, then one of one. */
const RUNS = full('stsc', 2, 1, 2, 1, 3, 1, 1)
const MOVIE = box(
  'moov',
  track(1, VIDE, full('stsc', 1, 1, 1, 1), full('stsz', 100, 2), full('stco', 2, 5000, 6000)),
  track(2, SOUN, RUNS, full('stsz', 0, 5, 10, 20, 30, 40, 50), full('stco', 3, 1000, 2000, 3000)),
  track(3, SOUN, RUNS, full('stsz', 7, 5), full('co64', 3, 0, 4000, 1, 0, 2, 8)),
  box('mvex', full('trex', 2, 1, 0, 9)),
)
const FILE = Buffer.concat([box('ftyp', Buffer.from('isom')), MOVIE, box('mdat', Buffer.alloc(100))])

const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  gap: 0,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
  close: async () => {},
})

describe('findSound', () => {
  it('tells the chunks of every sound track, and no others', async () => {
    const map = await findSound(sourceOf(FILE))
    expect(map?.index).toMatchObject({ start: 12, end: 12 + MOVIE.length, bytes: MOVIE })
    expect(map?.sound).toEqual([
      { start: 1000, end: 1030 },
      { start: 2000, end: 2070 },
      { start: 3000, end: 3050 },
      { start: 4000, end: 4014 },
      { start: 2 ** 32, end: 2 ** 32 + 14 },
      { start: 2 * 2 ** 32 + 8, end: 2 * 2 ** 32 + 15 },
    ])
    expect([...(map?.fragments ?? [])]).toEqual([
      [2, 9],
      [3, 0],
    ])
  })
  it('knows nothing of what is no MP4, and of one without an index', async () => {
    expect(await findSound(sourceOf(Buffer.from('RIFF....WAVEfmt and more of it')))).toBeUndefined()
    expect(await findSound(sourceOf(FILE.subarray(0, 12)))).toBeUndefined()
    expect(await findSound(sourceOf(FILE.subarray(0, 100)))).toBeUndefined()
  })
  it('neither fails nor goes on for ever, whatever the index says', async () => {
    const places = fc.array(fc.tuple(fc.nat(FILE.length - 1), fc.constantFrom(0, 1, 0x7f, 0xff)), {
      maxLength: 12,
    })
    const started = performance.now()
    await fc.assert(
      fc.asyncProperty(places, async (changes) => {
        const bytes = Buffer.from(FILE)
        for (const [at, value] of changes) bytes[at] = value
        const map = await findSound(sourceOf(bytes))
        expect(map?.sound.length ?? 0).toBeLessThan(100)
      }),
      { numRuns: 2000 },
    )
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
