import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { until } from '../support/wait.ts'
import { type Convert, copying, endless, openHouse, reached, row, submit } from './harness.ts'

/** Counts how many run at once. */
function counting(milliseconds: number) {
  const seen = { now: 0, most: 0, total: 0 }
  const convert: Convert = async (...args) => {
    seen.now += 1
    seen.total += 1
    seen.most = Math.max(seen.most, seen.now)
    await delay(milliseconds)
    seen.now -= 1
    return copying(...args)
  }
  return { convert, seen }
}

describe('taking work', () => {
  it('fills its slots and no more, and makes each conversion once', async () => {
    const house = await openHouse()
    const work = counting(60)
    await house.start(work.convert, { slots: 3 })
    const ids: string[] = []
    for (let each = 0; each < 10; each++) ids.push(await submit(house))
    for (const id of ids) await reached(house.library, id, 'done')
    expect(work.seen).toMatchObject({ most: 3, total: 10 })
  })

  it('shares the work of one library between workers, each conversion once', async () => {
    const house = await openHouse()
    const work = counting(20)
    for (let each = 0; each < 3; each++) await house.start(work.convert, { slots: 2 })
    const ids: string[] = []
    for (let each = 0; each < 12; each++) ids.push(await submit(house))
    for (const id of ids) expect(await reached(house.library, id, 'done')).toMatchObject({ attempt: 1 })
    expect(work.seen.total).toBe(12)
  })

  it('starts with a message at once, not with the next sweep', async () => {
    const house = await openHouse()
    await house.start(copying, { sweepMs: 60_000 })
    await delay(50)
    for (let each = 0; each < 3; each++) await reached(house.library, await submit(house), 'done')
  })

  it('goes on with a free slot, though the messages came while the slots were full', async () => {
    const house = await openHouse()
    await house.start(counting(40).convert, { sweepMs: 60_000 })
    await delay(50)
    const ids = [await submit(house), await submit(house, { quietly: true }), await submit(house)]
    for (const id of ids) await reached(house.library, id, 'done')
  })

  it('finds work at its start of which no message comes, and later by its sweep', async () => {
    const house = await openHouse()
    const before = await submit(house, { quietly: true })
    await house.start(copying)
    await reached(house.library, before, 'done')
    await reached(house.library, await submit(house, { quietly: true }), 'done')
  })

  it('takes no message while its slots are full', async () => {
    const house = await openHouse()
    const work = endless(true)
    await house.start(work.convert, { sweepMs: 60_000 })
    const first = await submit(house)
    await until('the attempt', () => (work.seen.started > 0 ? true : undefined))
    await house.start(copying, { sweepMs: 60_000 })
    const second = await submit(house)
    await reached(house.library, second, 'done')
    expect(await row(house.library, first)).toMatchObject({ state: 'running' })
  })

  it('goes on after the library was away', async () => {
    const house = await openHouse()
    let away = true
    const { library } = house
    const flaky = {
      ...library,
      claim: async (...args: Parameters<typeof library.claim>) => {
        if (away) throw new Error('connection refused')
        return library.claim(...args)
      },
    }
    await house.start(copying, {}, { library: flaky })
    const id = await submit(house)
    await delay(150)
    expect(await row(house.library, id)).toMatchObject({ state: 'queued' })
    away = false
    await reached(library, id, 'done')
  })
})
