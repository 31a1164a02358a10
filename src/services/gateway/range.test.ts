import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRange } from './range.ts'

const part = (offset: number, length: number) => ({ kind: 'part', offset, length })

it('reads what RFC 9110 allows', () => {
  expect(parseRange('bytes=0-0', 10)).toEqual(part(0, 1))
  expect(parseRange('bytes=2-4', 10)).toEqual(part(2, 3))
  expect(parseRange('bytes=2-', 10)).toEqual(part(2, 8))
  expect(parseRange('bytes=2-99', 10)).toEqual(part(2, 8))
  expect(parseRange('bytes=-3', 10)).toEqual(part(7, 3))
  expect(parseRange('bytes=-99', 10)).toEqual(part(0, 10))
  expect(parseRange('Bytes=0-', 10)).toEqual(part(0, 10))
})

it('gives the whole file where there is no range it understands', () => {
  for (const header of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=4-2',
    'bytes=0-1,3-4',
    'lines=0-1',
    'bytes=a-b',
  ]) {
    expect(parseRange(header, 10)).toEqual({ kind: 'whole' })
  }
})

it('knows what lies outside', () => {
  for (const header of ['bytes=10-', 'bytes=10-11', 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) {
    expect(parseRange(header, 10)).toEqual({ kind: 'outside' })
  }
  expect(parseRange('bytes=0-', 0)).toEqual({ kind: 'outside' })
  expect(parseRange('bytes=-5', 0)).toEqual({ kind: 'outside' })
})

it('never leads out of the file', () => {
  const bound = fc.option(fc.nat({ max: 300 }), { nil: '' })
  fc.assert(
    fc.property(bound, bound, fc.nat({ max: 200 }), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size)
      if (range.kind !== 'part') return
      expect(range.length).toBeGreaterThan(0)
      expect(range.offset + range.length).toBeLessThanOrEqual(size)
    }),
  )
})
