import { expect, it } from 'vitest'
import { done, failed, holdOf, mustClaim, NOW, type Opened, submit } from './make.ts'

export function counting(at: Opened): void {
  it('counts nothing where nothing is', async () => {
    expect(await at.library.backlog()).toEqual({ queued: 0, running: 0, oldestQueued: null })
  })

  it('counts what waits and what runs, and knows the oldest that waits; what has ended does not count', async () => {
    // Several owners: the fair order is not the order of age.
    for (const [place, age] of [5_000, 9_000, 1_000, 7_000, 3_000, 4_000].entries())
      await submit(at.library, { ownerEmail: `${place % 2}@x.y`, createdAt: NOW - age })
    await at.library.finish(holdOf(await mustClaim(at.library)), failed, NOW)
    const second = await mustClaim(at.library)
    await at.library.finish(holdOf(second), done(second), NOW)
    await at.library.cancel((await mustClaim(at.library)).id, NOW)
    const { id: running } = await mustClaim(at.library)
    const waiting = await at.library.conversions({ limit: 9, state: 'queued' })
    expect(waiting.map(({ id }) => id)).not.toContain(running)
    expect(await at.library.backlog()).toEqual({
      queued: 2,
      running: 1,
      oldestQueued: Math.min(...waiting.map(({ createdAt }) => createdAt)),
    })
  })
}
