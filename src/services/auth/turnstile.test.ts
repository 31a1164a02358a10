import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurnstile } from './turnstile.ts'

it('lets in so many at once, the others in order, also after a failure', async () => {
  const inTurn = createTurnstile(2)
  let [inside, most] = [0, 0]
  const order: number[] = []
  const deed = (each: number) =>
    inTurn(async () => {
      inside += 1
      most = Math.max(most, inside)
      order.push(each)
      await delay(2)
      inside -= 1
      if (each === 1) throw new Error('failed')
      return each
    })
  const ends = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(deed))
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4, 5])
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(await deed(6)).toBe(6)
})
