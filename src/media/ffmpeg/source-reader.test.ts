import { expect, it } from 'vitest'
import { BROKEN, FILLED, type ReadRequest } from './protocol.ts'
import { createSourceReader } from './source-reader.ts'

const SIZE = 100
/** Bytes of a piece. */
const PIECE = 20

/** A reader of bytes that are their own places, and what it asks for; `broken` asks are not answered. */
function reader(isBroken: (request: ReadRequest) => boolean = () => false) {
  const state = new SharedArrayBuffer(4)
  const asked: string[] = []
  const pieces: { bytes: Uint8Array<ArrayBuffer>; goesOn: boolean }[] = []
  const ask = (request: ReadRequest) => {
    const { offset, isAhead } = request
    asked.push(`${offset}${isAhead ? ' ahead' : ''}`)
    if (!isBroken(request)) {
      const bytes = Uint8Array.from({ length: PIECE }, (_, place) => offset + place)
      pieces.push({ bytes, goesOn: offset + PIECE < SIZE })
    }
    Atomics.store(new Int32Array(state), 0, isBroken(request) ? BROKEN : FILLED)
  }
  const { read, forget } = createSourceReader(SIZE, state, ask, () => pieces.shift())
  const bytesFrom = (offset: number) => {
    const target = new Uint8Array(8)
    return [...target.subarray(0, read(target, offset))]
  }
  return { bytesFrom, forget, asked, pieces }
}
const places = (from: number, count = 8) => Array.from({ length: count }, (_, place) => from + place)

it('the piece behind one that goes on is asked for at once', () => {
  const { bytesFrom, asked } = reader()
  expect(bytesFrom(0)).toEqual(places(0))
  expect(bytesFrom(16)).toEqual(places(16, 4))
  for (const offset of [20, 25, 90, 10]) expect(bytesFrom(offset)).toEqual(places(offset))
  expect(bytesFrom(SIZE)).toEqual([])
  expect(asked).toEqual(['0', '20 ahead', '40 ahead', '90', '10', '30 ahead'])
})

it('when a run has ended, nothing is on its way, and nothing is known', () => {
  const { bytesFrom, forget, asked, pieces } = reader()
  expect(bytesFrom(0)).toEqual(places(0))
  forget()
  expect(pieces).toEqual([])
  expect(bytesFrom(4)).toEqual(places(4))
  expect(asked).toEqual(['0', '20 ahead', '4', '24 ahead'])
})

it('what can not be read ahead is asked for again when it is needed', () => {
  const { bytesFrom, asked } = reader(({ isAhead }) => isAhead)
  expect(bytesFrom(0)).toEqual(places(0))
  expect(bytesFrom(20)).toEqual(places(20))
  expect(asked).toEqual(['0', '20 ahead', '20', '40 ahead'])
})

it('what can not be read is an error', () => {
  expect(() => reader(() => true).bytesFrom(0)).toThrow('can not be read')
})
