import { describe, expect, it } from 'vitest'
import { formatClock, formatSize, parseDuration, parseSize } from './units.ts'

describe('sizes', () => {
  it.each([
    ['50MB', 52_428_800],
    ['10 gb', 10 * 1024 ** 3],
    ['1.5KB', 1536],
    ['17', 17],
  ])('reads %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))
  it.each(['', 'MB', '-1', '5 apples', '1e3', '0x10'])('refuses %j', (text) =>
    expect(parseSize(text)).toBeUndefined(),
  )
  it('writes them for people', () => {
    expect([0, 900, 1024, 1_500_000, 10 * 1024 ** 3].map(formatSize)).toEqual([
      '0 B',
      '900 B',
      '1 KB',
      '1.43 MB',
      '10 GB',
    ])
  })
})

describe('durations', () => {
  it.each([
    ['60s', 60_000],
    ['6h', 21_600_000],
    ['250ms', 250],
    ['2d', 172_800_000],
    ['30', 30_000],
  ])('reads %s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))
  it.each(['', 's', '-1s', '1 year'])('refuses %j', (text) => expect(parseDuration(text)).toBeUndefined())
  it('writes them as a clock', () =>
    expect([71.06, 7384, 0].map(formatClock)).toEqual(['1:11', '2:03:04', '0:00']))
})
