import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeRanges, rangeAt } from './ranges.ts'

const ranges = fc.array(
  fc.tuple(fc.nat(200), fc.nat(20)).map(([start, length]) => ({ start, end: start + length })),
)

describe('mergeRanges', () => {
  it('makes one of what lies closer together than the gap, in whatever order it comes', () => {
    const [first, near, far] = [
      { start: 0, end: 10 },
      { start: 14, end: 20 },
      { start: 25, end: 30 },
    ]
    const merged = [{ start: 0, end: 20 }, far]
    expect(mergeRanges([first, near, far], 5)).toEqual(merged)
    expect(mergeRanges([far, near, first], 5)).toEqual(merged)
    expect(mergeRanges([near, far, first], 5)).toEqual(merged)
  })
  it('holds every byte of them, sorted, with a gap between any two', () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 1, max: 10 }), (given, gap) => {
        const merged = mergeRanges(given, gap)
        for (const { start, end } of given)
          for (let at = start; at < end; at++) expect(rangeAt(merged, at)).toBeDefined()
        for (const [place, { start }] of merged.entries())
          if (place > 0) expect(start - (merged[place - 1]?.end ?? 0)).toBeGreaterThanOrEqual(gap)
      }),
    )
  })
})
