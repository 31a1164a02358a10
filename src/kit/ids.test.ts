import { expect, it } from 'vitest'
import { isId, newId } from './ids.ts'

it('makes ids that sort by their time', () => {
  const times = [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_999, 1_700_000_001_000]
  const ids = times.map((time) => newId(time))
  expect(ids).toEqual([...ids].sort())
  expect(ids.every(isId)).toBe(true)
  expect(ids[0]?.slice(0, 8)).toBe('6553f100')
})

it('knows what is no id', () => {
  expect(['', 'x'.repeat(24), '6553F1000000000000000000', '6553f100'].filter(isId)).toEqual([])
})
