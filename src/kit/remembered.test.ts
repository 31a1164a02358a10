import { expect, it } from 'vitest'
import { remembered } from './remembered.ts'

it('asks once within the time, also for those who ask at once, and again after it', async () => {
  let [asked, clock] = [0, 0]
  const ask = remembered(
    async () => ++asked,
    100,
    () => clock,
  )
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  clock = 99
  expect(await ask()).toBe(1)
  clock = 100
  expect(await ask()).toBe(2)
})

it('asks again after a failure', async () => {
  let asked = 0
  const ask = remembered(async () => {
    asked += 1
    if (asked === 1) throw new Error('away')
    return asked
  }, 60_000)
  await expect(ask()).rejects.toThrow('away')
  expect(await ask()).toBe(2)
})
