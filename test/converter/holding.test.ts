import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { until } from '../support/wait.ts'
import { copying, endless, keysOf, openHouse, reached, row, submit } from './harness.ts'

const started = (seen: { started: number }) =>
  until('the attempt', () => (seen.started > 0 ? true : undefined))

describe('a held conversion', () => {
  it('ends within two seconds of being cancelled, and leaves nothing', async () => {
    const house = await openHouse()
    const work = endless(false)
    await house.start(work.convert)
    const id = await submit(house)
    await started(work.seen)
    const at = Date.now()
    await house.library.cancel(id, at)
    await until('the end', () => (work.seen.ended > 0 ? true : undefined))
    expect(work.seen.endedAt - at).toBeLessThan(2_000)
    await delay(100)
    expect(await row(house.library, id)).toMatchObject({ state: 'cancelled', resultId: null })
    expect(await keysOf(house.blobs.result)).toEqual([])
    expect(await house.library.unannounced(10)).toEqual([])
  })

  it('keeps its lease while media time advances, and shows its progress', async () => {
    const house = await openHouse()
    const work = endless(true)
    await house.start(work.convert, { leaseMs: 300 })
    const id = await submit(house)
    await started(work.seen)
    await delay(1_200)
    const running = await row(house.library, id)
    expect(running).toMatchObject({ state: 'running', attempt: 1 })
    expect(running.progress).toBeGreaterThan(0)
    expect(running.lease?.until).toBeGreaterThan(Date.now() - 50)
  })

  it('loses its lease when it hangs: another worker takes it over, and the first ends and writes nothing', async () => {
    const house = await openHouse()
    const hung = endless(false)
    const first = await house.start(hung.convert, { leaseMs: 600, sweepMs: 60_000 })
    const id = await submit(house)
    await started(hung.seen)
    const { promise: firstEnded, resolve: goOn } = Promise.withResolvers<void>()
    await house.start(async (...args) => {
      await firstEnded
      return copying(...args)
    })
    await until('the end of the first', () => (hung.seen.ended > 0 ? true : undefined))
    expect(await row(house.library, id)).toMatchObject({ state: 'running', attempt: 2, fence: 2 })
    await first.stop(2_000)
    goOn()
    const done = await reached(house.library, id, 'done')
    expect(done).toMatchObject({ attempt: 2 })
    expect(await keysOf(house.blobs.result)).toEqual([done.resultId])
    expect(await house.library.unannounced(10)).toHaveLength(1)
  })

  it('is not written by a worker that finishes after it was taken over', async () => {
    const house = await openHouse()
    const { promise: takenOver, resolve: goOn } = Promise.withResolvers<void>()
    let finished = false
    const first = await house.start(
      async (...args) => {
        await takenOver // deaf to its signal, like a process that was stopped and goes on later
        finished = true
        return copying(...args)
      },
      { leaseMs: 300, sweepMs: 60_000 },
    )
    const id = await submit(house)
    await reached(house.library, id, 'running')
    await house.start(copying)
    const done = await reached(house.library, id, 'done')
    goOn()
    await first.stop(2_000)
    expect(finished).toBe(true)
    expect(await row(house.library, id)).toEqual(done)
    expect(await keysOf(house.blobs.result)).toEqual([done.resultId])
    expect(house.told).toHaveLength(1)
  })

  it('goes on while the library does not answer for a while', async () => {
    const house = await openHouse()
    let away = false
    const answered = async <T>(deed: () => Promise<T>): Promise<T> => {
      if (away) throw new Error('connection refused')
      return deed()
    }
    const { library } = house
    const flaky = {
      ...library,
      renew: (...args: Parameters<typeof library.renew>) => answered(() => library.renew(...args)),
      conversion: (id: string) => answered(() => library.conversion(id)),
      finish: (...args: Parameters<typeof library.finish>) => answered(() => library.finish(...args)),
    }
    await house.start(
      async (...args) => {
        away = true
        setTimeout(() => {
          away = false
        }, 600)
        await delay(300)
        return copying(...args)
      },
      { leaseMs: 30_000 },
      { library: flaky },
    )
    expect(await reached(library, await submit(house), 'done')).toMatchObject({ attempt: 1 })
  })
})

describe('stop', () => {
  it('lets a running conversion finish', async () => {
    const house = await openHouse()
    const converter = await house.start(async (...args) => {
      await delay(300)
      return copying(...args)
    })
    const id = await submit(house)
    await reached(house.library, id, 'running')
    await converter.stop(5_000)
    expect(await row(house.library, id)).toMatchObject({ state: 'done', attempt: 1 })
  })

  it('gives back what does not finish in time, without spending the attempt, and takes nothing new', async () => {
    const house = await openHouse()
    const work = endless(true)
    const converter = await house.start(work.convert)
    const id = await submit(house)
    const next = await submit(house)
    await started(work.seen)
    const at = Date.now()
    await Promise.all([converter.stop(900), converter.stop(900)])
    expect(Date.now() - at).toBeLessThan(900)
    expect(await row(house.library, id)).toMatchObject({ state: 'queued', attempt: 0, lease: null })
    expect(await row(house.library, next)).toMatchObject({ state: 'queued', attempt: 0 })
    expect(await keysOf(house.blobs.result)).toEqual([])
    await house.start(copying)
    expect(await reached(house.library, id, 'done')).toMatchObject({ attempt: 1 })
  })
})
