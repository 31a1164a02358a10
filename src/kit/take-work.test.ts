import { expect, it } from 'vitest'
import { silentLogger } from './logger.ts'
import { createTakeWork } from './take-work.ts'

it('never forgets a look, at whatever moment of an empty claim it comes', async () => {
  for (let later = 0; later < 12; later++) {
    let claims = 0
    const work = createTakeWork({
      slots: 1,
      async claim() {
        claims += 1
        if (claims === 1) void lookLater(later)
        return null
      },
      run: async () => {},
      logger: silentLogger(),
    })
    const lookLater = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      work.look()
    }
    work.look()
    await new Promise((resolve) => setImmediate(resolve))
    expect(claims, `${later} turns later`).toBe(2)
  }
})

it('takes more while what is left of others needs no slot, but no more than twice as many', async () => {
  const [begun, ends, frees]: [string[], (() => void)[], (() => void)[]] = [[], [], []]
  const left = ['a', 'b', 'c', 'd']
  const work = createTakeWork({
    slots: 1,
    claim: async () => left.shift() ?? null,
    run(name, free) {
      begun.push(name)
      frees.push(free)
      return new Promise<void>((resolve) => ends.push(resolve))
    },
    logger: silentLogger(),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  work.look()
  await settle()
  expect(begun).toEqual(['a'])
  frees[0]?.()
  frees[0]?.()
  await settle()
  expect(begun).toEqual(['a', 'b'])
  frees[1]?.()
  await settle()
  expect(begun).toEqual(['a', 'b'])
  ends[0]?.()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c'])
  ends[2]?.()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  work.stop()
  for (const end of ends) end()
  await work.idle()
})
