import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newId } from '../../../src/kit/ids.ts'
import { done, failed, holdOf, mustClaim, NOW, type Opened, submit } from './make.ts'

export function fairness(at: Opened): void {
  /** Each submit is a millisecond later than the one before. */
  let clock = NOW
  const by = (ownerId: string) => submit(at.library, { ownerId, createdAt: clock++ })
  const serve = async () => {
    const claimed = await mustClaim(at.library, clock)
    await at.library.finish(holdOf(claimed), done(claimed), clock)
    return claimed
  }

  it('lets a single file wait behind nobody’s hundred', async () => {
    const [many, one] = [newId(), newId()]
    for (let count = 0; count < 100; count++) await by(many)
    for (let count = 0; count < 10; count++) await serve()
    await by(one)
    const next = [await serve(), await serve()]
    expect(next.map((each) => each.ownerId)).toContain(one)
  })

  it('serves in order of arrival within one turn', async () => {
    const owners = [newId(), newId(), newId(), newId()]
    for (const owner of owners) await by(owner)
    for (const owner of owners) expect(await serve()).toMatchObject({ ownerId: owner, turn: 0 })
  })

  it('counts the turns of people without an account by their address', async () => {
    const turns = []
    for (const ownerEmail of ['a@x.y', 'A@X.Y', 'b@x.y', 'a@x.y']) {
      turns.push((await submit(at.library, { ownerEmail })).turn)
    }
    expect(turns).toEqual([0, 1, 0, 2])
  })

  it('gives each of forty that one person brings at once a turn of its own', async () => {
    const ownerId = newId()
    const other = await at.open()
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, place) => submit(place % 2 ? at.library : other, { ownerId })),
    )
    const turns = made.map(({ turn }) => turn).toSorted((a, b) => a - b)
    expect(turns).toEqual(Array.from({ length: 40 }, (_, turn) => turn))
  })

  it('puts nobody behind who begins when all is done', async () => {
    const owner = newId()
    for (let count = 0; count < 3; count++) await by(owner)
    for (let count = 0; count < 3; count++) await serve()
    expect(await by(newId())).toMatchObject({ turn: 2 })
    expect(await by(owner)).toMatchObject({ turn: 3 })
  })

  it('gives back the turns of what was cancelled before it ran', async () => {
    const [fickle, busy] = [newId(), newId()]
    const regretted = []
    for (let count = 0; count < 20; count++) regretted.push(await by(fickle))
    for (const { id } of regretted) await at.library.cancel(id, clock)
    for (let count = 0; count < 20; count++) await by(busy)
    await by(fickle)
    const next = [await serve(), await serve()]
    expect(next.map((each) => each.ownerId)).toContain(fickle)
  })

  it('queues what is retried behind its owner’s others, not behind those of others', async () => {
    const [owner, other] = [newId(), newId()]
    const first = await by(owner)
    const claimed = await mustClaim(at.library, clock)
    await at.library.finish(holdOf(claimed), failed, clock)
    for (let count = 0; count < 20; count++) await by(other)
    const second = await by(owner)
    const retried = await at.library.retry(first.id, clock)
    expect(retried.turn).toBe(second.turn + 1)
    const served = []
    for (let count = 0; count < 6; count++) served.push((await serve()).id)
    expect(served).toContain(first.id)
    expect(served.indexOf(second.id)).toBeLessThan(served.indexOf(first.id))
  })

  it('serves who has nothing waiting within two rounds, whatever the others do', async () => {
    const OWNERS = 4
    const step = fc.oneof(fc.integer({ min: 0, max: OWNERS - 1 }), fc.constant('serve' as const))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const owners = Array.from({ length: OWNERS }, () => newId())
        /** Conversions waiting, by id: how many were served since it was the only one of its owner; null if it was not. */
        const waiting = new Map<string, { owner: string; served: number | null }>()
        const serveOne = async () => {
          const { id } = await serve()
          const { served } = waiting.get(id) ?? { served: null }
          waiting.delete(id)
          if (served !== null) expect(served).toBeLessThanOrEqual(2 * (OWNERS - 1))
          for (const each of waiting.values()) if (each.served !== null) each.served++
        }
        for (const each of steps) {
          if (each === 'serve') {
            if (waiting.size > 0) await serveOne()
            continue
          }
          const owner = owners[each] ?? ''
          const alone = ![...waiting.values()].some((other) => other.owner === owner)
          waiting.set((await by(owner)).id, { owner, served: alone ? 0 : null })
        }
        while (waiting.size > 0) await serveOne()
      }),
      { numRuns: 12 },
    )
  })
}
