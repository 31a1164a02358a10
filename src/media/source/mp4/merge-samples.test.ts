import { describe, expect, it } from 'vitest'
import { box, full } from '../../../../test/support/mp4-boxes.ts'
import { type Box, boxAt, boxesIn, readBox, wordsOf } from './boxes.ts'
import { mergeSamples } from './merge-samples.ts'

/** AAC of this kind: an audio object type. */
const aac = (object: number, stream = 0x40) =>
  full(
    'stsd',
    1,
    box(
      'mp4a',
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]),
      Buffer.alloc(20),
      full('esds', Buffer.from([3, 25, 0, 0, 0, 4, 17, stream, ...Array(12).fill(0), 5, 2, object << 3, 0])),
    ),
  )
/** Twenty frames in chunks of six, the last of two: sizes 1 to 20. */
const SIZES = Array.from({ length: 20 }, (_, sample) => sample + 1)
const TABLES = {
  stsd: aac(2),
  stts: full('stts', 2, 19, 1024, 1, 1000),
  stsc: full('stsc', 2, 1, 6, 1, 4, 2, 1),
  stsz: full('stsz', 0, 20, ...SIZES),
  stco: full('stco', 4, 100, 200, 300, 400),
}
const AT = 2 ** 32 + 7

function merge({ tables = {}, rate = 44_100, size = 439, many = 20 }) {
  const stbl = box('stbl', ...Object.values({ ...TABLES, ...tables }))
  const bytes = box('trak', box('mdia', full('mdhd', 0, 0, rate, 20_000), box('minf', stbl)))
  const track = readBox(bytes, 0, bytes.length) as Box
  const inside = boxAt(bytes, track, 'mdia', 'minf', 'stbl') as Box
  return mergeSamples(bytes, { track, stbl: inside }, size, many)
}

describe('frames of AAC', () => {
  it('are told of by eights, the first alone, in one chunk', () => {
    const told = merge({})?.tables(AT) ?? Buffer.alloc(0)
    const boxes = boxesIn(told, { start: 0, end: told.length })
    expect(boxes.map((each) => [each.type, ...wordsOf(told, each, 20).slice(1)])).toEqual([
      ['stsd', ...wordsOf(aac(2), { type: 'stsd', start: 8, end: aac(2).length }, 20).slice(1)],
      ['stts', 3, 1, 1024, 2, 8 * 1024, 1, 2 * 1024 + 1000],
      ['stsc', 1, 1, 4, 1],
      ['stsz', 0, 4, 1, 44, 108, 57],
      ['co64', 1, 1, 7],
    ])
  })
  it('lie where their chunks do', () =>
    expect([...(merge({})?.chunks() ?? [])]).toEqual([
      { start: 100, end: 121 },
      { start: 200, end: 257 },
      { start: 300, end: 393 },
      { start: 400, end: 439 },
    ]))
  it.each([5, 29])('also of kind %i', (object) =>
    expect(merge({ tables: { stsd: aac(object) } })).toBeDefined(),
  )
  it('also where all are equally long', () =>
    expect(merge({ tables: { stts: full('stts', 1, 20, 1024) } })).toBeDefined())

  it.each([
    ['few of them', { many: 21 }],
    ['a rate beyond', { rate: 64_000 }],
    ['another kind of AAC', { tables: { stsd: aac(39) } }],
    ['MP3', { tables: { stsd: aac(2, 0x6b) } }],
    ['two descriptions', { tables: { stsd: full('stsd', 2, aac(2), aac(2)) } }],
    ['a table nobody knows', { tables: { else: full('senc', 0) } }],
    ['offsets', { tables: { else: full('ctts', 1, 20, 0) } }],
    ['two tables of a kind', { tables: { else: full('stsz', 7, 1) } }],
    ['other lengths', { tables: { stts: full('stts', 2, 10, 1024, 10, 1023) } }],
    ['many lengths', { tables: { stts: full('stts', 3, 18, 1024, 1, 1000, 1, 1024) } }],
    ['lengths of other samples', { tables: { stts: full('stts', 1, 19, 1024) } }],
    ['samples in no chunk', { tables: { stco: full('stco', 3, 100, 200, 300) } }],
    ['chunks not in order', { tables: { stco: full('stco', 4, 100, 300, 200, 400) } }],
    ['chunks that overlap', { tables: { stco: full('stco', 4, 100, 120, 300, 400) } }],
    ['an end behind that of the file', { size: 438 }],
    ['one size for all', { tables: { stsz: full('stsz', 7, 20) } }],
    ['lengths beyond 32 bits', { tables: { stts: full('stts', 2, 19, 0x30000000, 1, 1000) } }],
  ])('not with %s', (_, changes) => expect(merge(changes)).toBeUndefined())
})
