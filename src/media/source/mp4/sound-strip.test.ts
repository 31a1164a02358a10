import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSoundStrip } from './sound-strip.ts'

/** Pieces as short and as long as may be, near and far, and behind one another or not. */
const PIECE = fc.record({
  start: fc.oneof(fc.nat(200), fc.nat(2 ** 34)),
  length: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.nat(200_000)),
})

it('tells of every byte where it lies, from any place on', () =>
  fc.assert(
    fc.property(
      fc.array(PIECE, { maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (pieces, part) => {
        const strip = createSoundStrip()
        for (const { start, length } of pieces) strip.add({ start, end: start + length })
        expect(strip.length).toBe(pieces.reduce((sum, { length }) => sum + length, 0))

        let offset = Math.floor(part * strip.length)
        const expected = pieces.flatMap(({ start, length }) => {
          const skipped = Math.min(offset, length)
          offset -= skipped
          return skipped < length ? [{ start: start + skipped, end: start + length }] : []
        })
        expect(joined([...strip.from(Math.floor(part * strip.length))])).toEqual(joined(expected))
      },
    ),
  ))

it('many pieces take several blocks', () => {
  const strip = createSoundStrip()
  for (let piece = 0; piece < 10_000; piece++) strip.add({ start: piece * 100, end: piece * 100 + 7 })
  const [first, second] = strip.from(7 * 8999 + 3)
  expect([first, second]).toEqual([
    { start: 899_903, end: 899_907 },
    { start: 900_000, end: 900_007 },
  ])
  expect([...strip.from(strip.length)]).toEqual([])
})

/** Those that touch are one. */
function joined(ranges: readonly { start: number; end: number }[]) {
  const found: { start: number; end: number }[] = []
  for (const { start, end } of ranges) {
    const last = found.at(-1)
    if (last?.end === start) last.end = end
    else found.push({ start, end })
  }
  return found
}
