import { expect, it } from 'vitest'
import { estimate } from './estimate.ts'
import { parseWish, type WishInput } from './wish/wish.ts'

const of = (wish: WishInput, seconds = 600) => estimate(parseWish(wish), seconds)

it('reckons with rate and length', () => {
  const { bitrate, size } = of({})
  expect(bitrate).toBe(128_000)
  expect(size / 9_600_000).toBeCloseTo(1, 2)
  expect(of({ start: 60, end: 120 }).duration).toBe(60)
  expect(of({ format: 'wav' }).size).toBe(600 * 44_100 * 4 + 44)
  expect(of({ abr: '147k' })).toMatchObject({ bitrate: 147_000 })
  expect(of({ quality: 'V2' })).toMatchObject({ bitrate: null })
  expect(of({ preset: 'speech' }).bitrate).toBe(64_000)
})
it('takes the highest rate that fits into a size', () => {
  const { bitrate, size } = of({ size: '10MB' })
  expect(bitrate).toBe(128_000)
  expect(size).toBeLessThanOrEqual(10 * 1024 ** 2)
  expect(() => of({ size: '1MB' })).toThrow('Not even the lowest')
})
