import { expect, it } from 'vitest'
import { planReads } from './planned-source.ts'

const MB = 1024 * 1024

it('what was read is kept for the next pass; in the last one until it is left behind', async () => {
  const source = await planReads({
    size: 4 * MB,
    gap: 0,
    read: async (_offset, length) => new Uint8Array(length),
    close: async () => {},
  })
  const first = await source.read(0)
  await source.read(first.length)
  const { requests } = source
  expect(await source.read(0)).toHaveLength(first.length)
  source.beginLastPass()
  await source.read(0)
  expect(source.requests).toBe(requests)
  await source.read(2 * MB)
  await source.read(0)
  await source.read(0)
  expect(source.requests).toBe(requests + 3)
})
