import { expect, it } from 'vitest'
import { full } from '../../../test/support/mp4-boxes.ts'
import { TrackTable } from './track-table.ts'

const samples = (...durations: number[]) =>
  durations.map((duration, place) => ({ size: 10 + place, duration }))

const written = (table: TrackTable) => Buffer.concat(table.toBoxes())

it('samples, how long they last, and where they lie together', () => {
  const table = new TrackTable()
  table.goOnAt(500)
  table.addChunk(48, samples(100, 100))
  table.addChunk(90, samples(100, 100))
  table.addChunk(120, samples(50))
  expect(table.duration).toBe(450)
  expect(table.samples).toBe(5)
  const boxes = [
    full('stts', 2, 4, 100, 1, 50),
    full('stsc', 2, 1, 2, 1, 3, 1, 1),
    full('stsz', 0, 5, 10, 11, 10, 11, 10),
    full('stco', 3, 48, 90, 120),
  ]
  expect(written(table)).toEqual(Buffer.concat(boxes))
})

it('the last sample of a fragment lasts until the next fragment begins', () => {
  const table = new TrackTable()
  table.goOnAt(0)
  table.addChunk(0, samples(100, 100))
  table.goOnAt(230)
  table.addChunk(50, samples(100))
  expect(table.duration).toBe(330)
  expect(written(table).subarray(0, 40)).toEqual(full('stts', 3, 1, 100, 1, 130, 1, 100))
})

it('more samples than there is room for at first, beyond 4 GB', () => {
  const table = new TrackTable()
  const many = 5000
  table.goOnAt(0)
  table.addChunk(2 ** 32 + 7, samples(...Array<number>(many).fill(1024)))
  const bytes = written(table)
  expect(bytes.subarray(0, 24)).toEqual(full('stts', 1, many, 1024))
  expect(bytes.subarray(-24)).toEqual(full('co64', 1, 1, 7))
  const sizes = bytes.indexOf('stsz') + 16
  expect(bytes.readUInt32BE(sizes + 4 * (many - 1))).toBe(10 + many - 1)
})
