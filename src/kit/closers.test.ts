import { expect, it } from 'vitest'
import { Closers } from './closers.ts'

it('closes last-in first-out and runs every cleanup', async () => {
  const order: string[] = []
  const closers = new Closers()
  closers.add('first', () => order.push('first'))
  closers.add('broken', () => {
    order.push('broken')
    throw new Error('no')
  })
  closers.add('last', () => order.push('last'))
  await expect(closers.closeAll()).rejects.toThrow('shutdown was not clean')
  expect(order).toEqual(['last', 'broken', 'first'])
})

it('does not wait for ever for a cleanup that hangs', async () => {
  const closers = new Closers()
  closers.add('hangs', () => new Promise(() => {}))
  await expect(closers.closeAll(10)).rejects.toThrow('shutdown was not clean')
})

it('closes once, however often it is asked', async () => {
  let count = 0
  const closers = new Closers()
  closers.add('one', () => {
    count++
  })
  await Promise.all([closers.closeAll(), closers.closeAll()])
  expect(count).toBe(1)
})
