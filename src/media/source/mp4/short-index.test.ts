import { expect, it } from 'vitest'
import { box, full } from '../../../../test/support/mp4-boxes.ts'
import { type Box, boxAt, readBox } from './boxes.ts'
import { shortIndex } from './short-index.ts'

const header = full('mvhd', 0, 0, 1000, 5000)
const track = (...tables: Buffer[]) =>
  box('trak', full('tkhd', 0), box('mdia', box('minf', box('stbl', ...tables))))

it('tables end where words say so, other boxes have other contents, and the rest stays', () => {
  const sizes = full('stsz', 0, 3, 10, 20, 30)
  const same = full('stsz', 7, 3)
  const rest = Buffer.from([0, 0, 0, 0])
  const bytes = box(
    'moov',
    header,
    track(full('stts', 3, 1, 1, 1, 2, 1, 3), sizes),
    track(same),
    box('udta', 'mine'),
    rest,
  )
  const movie = readBox(bytes, 0, bytes.length) as Box
  const tables = boxAt(bytes, movie, 'trak', 'mdia', 'minf', 'stbl') as Box
  const [stts, stsz] = ['stts', 'stsz'].map((type) => boxAt(bytes, tables, type)?.start ?? 0) as [
    number,
    number,
  ]
  const words = [
    { at: stts + 4, value: 2 },
    { at: stsz + 8, value: 1 },
    { at: bytes.indexOf(same) + 8 + 8, value: 2 },
  ]
  const told = track(full('stts', 2, 1, 1, 1, 2), full('stsz', 0, 1, 10))
  expect(shortIndex(bytes, movie, words, new Map())).toEqual(
    box('moov', header, told, track(full('stsz', 7, 2)), box('udta', 'mine'), rest),
  )
  const others = new Map([[tables.start, Buffer.from('others')]])
  expect(shortIndex(bytes, movie, words, others)).toEqual(
    box(
      'moov',
      header,
      box('trak', full('tkhd', 0), box('mdia', box('minf', box('stbl', 'others')))),
      track(full('stsz', 7, 2)),
      box('udta', 'mine'),
      rest,
    ),
  )
})
