import { describe, expect, it } from 'vitest'
import { box, full, word } from '../../../../test/support/mp4-boxes.ts'
import { type Box, boxAt, boxesIn, readBox } from './boxes.ts'
import { hidePictures } from './hide-pictures.ts'

/** Five chunks of 1000 samples, each of 10 units; a key every 500, offsets of one sample and then of ten. */
const TABLES = {
  stts: full('stts', 2, 1500, 10, 3500, 10),
  ctts: full('ctts', 6, 1, 20, 1999, 10, 1, 20, 10, 10, 10, 10, 2979, 10),
  stss: full('stss', 5, 1, 501, 1001, 2001, 3001),
  stsc: full('stsc', 3, 1, 1000, 1, 2, 1000, 1, 4, 1000, 1),
  stsz: full('stsz', 7, 5000),
  stco: full('stco', 5, 1, 2, 3, 4, 5),
}
const HEADER = full('mvhd', 0, 0, 1000, 5000)
const edits = (...rows: [length: number, start: number][]) =>
  box('edts', full('elst', rows.length, ...rows.flatMap(([length, start]) => [length, start >>> 0, 65_536])))

/** What is hidden of a movie with this picture: boxes and their words. */
function hidden({ tables = {}, edts = box('free'), more = HEADER }) {
  const stbl = box('stbl', ...Object.values({ ...TABLES, ...tables }))
  const bytes = box('moov', more, box('trak', edts, box('mdia', box('minf', stbl))))
  const movie = readBox(bytes, 0, bytes.length) as Box
  const track = boxAt(bytes, movie, 'trak') as Box
  const inside = boxAt(bytes, track, 'mdia', 'minf', 'stbl') as Box
  const words = hidePictures(bytes, movie, [{ track, stbl: inside }])
  return words.map(({ at, value }) => {
    const owner = boxesIn(bytes, inside).find(({ start, end }) => at >= start && at < end)
    return [owner?.type, at - (owner?.start ?? 0), value]
  })
}

const SHORTENED = [
  ['stco', 4, 2],
  ['stsc', 4, 2],
  ['stsz', 8, 2000],
  ['stts', 4, 2],
  ['ctts', 4, 4],
  ['stss', 4, 3],
]

describe('pictures are hidden', () => {
  it('but for the first 2000 samples in whole chunks, with what is told of them', () =>
    expect(hidden({})).toEqual(SHORTENED))
  it.each([
    ['one edit', edits([5000, 9990])],
    ['one behind an empty one', edits([100, -1], [5000, 0])],
    ['one of 64 bits', box('edts', box('elst', ...[1 << 24, 1, 0, 5000, 0, 9990, 65_536].map(word)))],
  ])('with %s', (_, edts) => expect(hidden({ edts })).toEqual(SHORTENED))
  it('where no sample is a key, one stays: none would mean all', () =>
    expect(hidden({ tables: { stss: full('stss', 1, 4000) } })).toContainEqual(['stss', 4, 1]))

  it.each([
    ['fragments', { more: Buffer.concat([HEADER, box('mvex')]) }],
    ['a movie without a header', { more: box('free') }],
    ['few samples', { tables: { stsz: full('stsz', 7, 2000) } }],
    ['one chunk', { tables: { stsc: full('stsc', 1, 1, 5000, 1) } }],
    ['a table nobody knows', { tables: { else: full('senc', 0) } }],
    ['two tables of a kind', { tables: { else: full('stsz', 7, 1) } }],
    ['no times', { tables: { stts: box('free') } }],
    ['a beginning in its middle', { edts: edits([5000, 10_000]) }],
    ['two edits', { edts: edits([100, 0], [100, 0]) }],
    ['three edits', { edts: edits([100, -1], [100, 0], [100, 0]) }],
    ['a later offset that is lower', { tables: { ctts: full('ctts', 2, 2000, 0, 3000, -1 >>> 0) } }],
    ['a later offset beyond measure', { tables: { ctts: full('ctts', 2, 2000, 0, 3000, 2 ** 28 + 1) } }],
  ])('not with %s', (_, movie) => expect(hidden(movie)).toEqual([]))
})
