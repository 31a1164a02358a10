import { expect, it } from 'vitest'
import { createCores } from './cores.ts'

it('one has all, many have one each, and what is given back is given on', async () => {
  const cores = createCores(4)
  const seen: Record<string, number> = {}
  const join = (name: string) => {
    const share = cores.join()
    share.watch((lanes) => {
      seen[name] = lanes
    })
    return share
  }
  const first = join('first')
  expect(seen).toEqual({ first: 4 })
  const second = join('second')
  const third = join('third')
  expect(seen).toEqual({ first: 2, second: 1, third: 1 })
  const others = [join('fourth'), join('fifth'), join('sixth')]
  expect(Object.values(seen)).toEqual([1, 1, 1, 1, 1, 1])
  for (const other of others) await other.terminate()
  await first.terminate()
  expect(seen).toMatchObject({ second: 2, third: 2 })
  await third.terminate()
  expect(seen).toMatchObject({ second: 4 })
  await second.terminate()
})
