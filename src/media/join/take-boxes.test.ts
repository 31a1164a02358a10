import { expect, it } from 'vitest'
import { box } from '../../../test/support/mp4-boxes.ts'
import { takeBoxes } from './take-boxes.ts'

const FILE = Buffer.concat([
  box('ftyp', 'M4A '),
  box('free'),
  box('mdat', 'sound'),
  box('moof', 'told of'),
  box('mdat', 'more'),
])

/** What comes of pieces that are written one after another. */
function taker() {
  const told: string[] = []
  let sound = ''
  const take = takeBoxes({
    whole: ['ftyp', 'moof'],
    onBox: (type, bytes, at) => void told.push(`${type} at ${at}: ${bytes.toString('latin1', 8)}`),
    onContents(type, bytes) {
      if (type === 'mdat') sound += Buffer.from(bytes).toString('latin1')
    },
  })
  return { take, told, sound: () => sound }
}
const TOLD = ['ftyp at 0: M4A ', 'moof at 33: told of']

it.each([1, 3, 7, 8, 9, 20, 1000])('in pieces of %d bytes', (length) => {
  const { take, told, sound } = taker()
  for (let at = 0; at < FILE.length; at += length) take(FILE.subarray(at, at + length), at)
  expect(told).toEqual(TOLD)
  expect(sound()).toBe('soundmore')
})

it('a box whose size is written when all of it is', () => {
  const { take, told, sound } = taker()
  const moof = FILE.indexOf('moof') - 4
  const unsized = Buffer.from(FILE)
  unsized.writeUInt32BE(0, moof)
  take(unsized.subarray(0, moof + 6), 0)
  take(unsized.subarray(moof + 6), moof + 6)
  expect(told).toEqual(TOLD.slice(0, 1))
  take(FILE.subarray(moof, moof + 4), moof)
  expect(told).toEqual(TOLD)
  expect(sound()).toBe('soundmore')
})

it('what was passed on can not be written again, and nothing is left out', () => {
  const { take } = taker()
  take(FILE, 0)
  expect(() => take(Buffer.of(1), 30)).toThrow('in order')
  expect(() => take(Buffer.of(1), FILE.length + 1)).toThrow('in order')
})
