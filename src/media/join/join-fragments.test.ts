import { expect, it } from 'vitest'
import { box, full, word } from '../../../test/support/mp4-boxes.ts'
import { joinFragments } from './join-fragments.ts'

const EMPTY = ['stts', 'stsc', 'stco'].map((type) => full(type, 0))
/** AAC, of so many bit/s at most and on average. */
const described = (most: number, average: number) => {
  const decoding = Buffer.concat([Buffer.of(0x04, 13, 0x40, 0x15, 0, 0, 0), word(most), word(average)])
  const esds = full('esds', Buffer.concat([Buffer.of(0x03, 18, 0, 0, 0), decoding]))
  return full('stsd', 1, box('mp4a', Buffer.alloc(28), esds))
}
const track = (id: number, ...edits: Buffer[]) =>
  box(
    'trak',
    full('tkhd', 0, 0, id, 0, 0),
    ...edits,
    box('mdia', full('mdhd', 0, 0, 100, 0, 0), box('minf', box('stbl', described(30, 5), ...EMPTY))),
  )
const edits = (...rows: number[]) => box('edts', full('elst', rows.length / 3, ...rows))
/** Tells a duration, and an id that no track has. */
const header = (duration: number, id = 1) =>
  full('mvhd', 0, 0, 1000, duration, ...Array<number>(19).fill(0), id)
const movie = (...tracks: Buffer[]) =>
  box('moov', header(0), ...tracks, box('mvex', 'x'), box('udta', 'tags'))

/** A fragment that lies at `at`, of samples of track 1 that last 100 units each, and its sound. */
function fragment(at: number, begin: number, ...sizes: number[]): Buffer {
  const run = (offset: number) =>
    box('trun', word(0x201), word(sizes.length), word(offset), ...sizes.map(word))
  const moof = (offset: number) =>
    box(
      'moof',
      box(
        'traf',
        box('tfhd', word(0x9), word(1), word(0), word(at), word(100)),
        box('tfdt', word(0x01000000), word(Math.floor(begin / 2 ** 32)), word(begin % 2 ** 32)),
        run(offset),
      ),
    )
  const sound = sizes.map((size, place) => String(place).repeat(size)).join('')
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', sound)])
}

function joined(index: Buffer, ...begins: number[]): Buffer {
  let file = Buffer.concat([box('ftyp', 'M4A '), index])
  for (const begin of begins) file = Buffer.concat([file, fragment(file.length, begin, 3, 2)])
  let result = Buffer.alloc(0)
  const joiner = joinFragments({
    write(bytes, position) {
      const longer = Buffer.alloc(Math.max(result.length, position + bytes.length))
      longer.set(result)
      longer.set(bytes, position)
      result = longer
    },
    flush() {},
  })
  joiner.write(file, 0)
  joiner.flush()
  return result
}

const SOUND = '0001100011'
const SAMPLES = 4
const roll = [
  box('sgpd', word(0x01000000), 'roll', word(2), word(1), '\xff\xff'),
  full('sbgp', Buffer.from('roll'), 1, SAMPLES, 1),
]
const tables = (durations: Buffer) => {
  const places = [full('stsc', 1, 1, 2, 1), full('stsz', 0, SAMPLES, 3, 2, 3, 2), full('stco', 2, 28, 33)]
  return box('minf', box('stbl', described(30, 20), durations, ...places, ...roll))
}

it('sound lies in one box, and behind it the index of all of it; tracks without samples are left out', () => {
  const media = box('mdia', full('mdhd', 0, 0, 100, 400, 0), tables(full('stts', 1, SAMPLES, 100)))
  const file = Buffer.concat([
    ...[
      box('ftyp', 'M4A '),
      word(1),
      Buffer.from('mdat'),
      word(0),
      word(16 + SOUND.length),
      Buffer.from(SOUND),
    ],
    box(
      'moov',
      header(3700, 2),
      box('trak', full('tkhd', 0, 0, 1, 0, 3700), edits(3700, 30, 0x10000), media),
      box('udta', 'tags'),
    ),
  ])
  expect(joined(movie(track(1, edits(0, 30, 0x10000)), track(2)), 0, 200)).toEqual(file)
})

it('a track that begins later lasts longer by that', () => {
  const late = edits(500, 0xffffffff, 0x10000, 0, 0, 0x10000)
  const result = joined(movie(track(1, late)), 0, 200)
  expect(result.includes(header(4500, 2))).toBe(true)
  expect(result.includes(edits(500, 0xffffffff, 0x10000, 4000, 0, 0x10000))).toBe(true)
})

it('a duration beyond 32 bits', () => {
  const result = joined(movie(track(1)), 0, 2 ** 32)
  expect(result.includes(box('mdhd', ...[0x01000000, 0, 0, 0, 0, 100, 1, 200, 0].map(word)))).toBe(true)
})

it('a fragment that can not be understood is an error', () => {
  const broken = box('moof', box('traf', full('trun', 1)))
  const joiner = joinFragments({ write() {}, flush() {} })
  expect(() => joiner.write(broken, 0)).toThrow('a fragment of the result is broken')
})
