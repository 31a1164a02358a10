import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { oneByOne } from './one-by-one.ts'

it('runs deeds of one key in order, never two at once, also when one fails', async () => {
  const inLine = oneByOne()
  const told: string[] = []
  const deeds = [1, 2, 3].map((number) =>
    inLine('a', async () => {
      told.push(`${number} begins`)
      await delay(10 - 3 * number)
      told.push(`${number} ends`)
      if (number === 2) throw new Error('no')
      return number
    }),
  )
  const ends = await Promise.allSettled(deeds)
  expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(told).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
})

it('lets nobody wait for another key', async () => {
  const inLine = oneByOne()
  const hanging = inLine('a', () => new Promise(() => {}))
  expect(await inLine('b', async () => 'done')).toBe('done')
  expect(await Promise.race([hanging, delay(5, 'hangs')])).toBe('hangs')
})
