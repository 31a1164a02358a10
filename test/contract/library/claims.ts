import { expect, it } from 'vitest'
import { again, done, failure, holdOf, LEASE, mustClaim, NOW, type Opened, stored, submit } from './make.ts'

export function claims(at: Opened): void {
  it('hands out a conversion once, with attempt, fence and lease', async () => {
    const submitted = await submit(at.library)
    expect(await at.library.claim({ name: 'one', now: NOW, leaseMs: LEASE })).toEqual({
      ...submitted,
      state: 'running',
      attempt: 1,
      fence: 1,
      lease: { worker: 'one', until: NOW + LEASE },
      startedAt: NOW,
    })
    expect(await at.library.claim({ name: 'two', now: NOW, leaseMs: LEASE })).toBeNull()
  })

  it.each([
    { waiting: 30, asking: 50 },
    { waiting: 260, asking: 200 },
  ])(
    'hands out the fairest of $waiting to $asking who ask at once, none twice',
    async ({ waiting, asking }) => {
      const rows = await Promise.all(
        Array.from({ length: waiting }, (_, place) =>
          submit(at.library, { ownerEmail: `${place % 40}@x.y`, createdAt: NOW + place }),
        ),
      )
      const other = await at.open()
      const claimed = await Promise.all(
        Array.from({ length: asking }, (_, place) =>
          (place % 2 ? at.library : other).claim({ name: `w${place}`, now: NOW, leaseMs: LEASE }),
        ),
      )
      const ids = claimed.flatMap((each) => (each ? [each.id] : []))
      const fairest = rows.toSorted((a, b) => a.turn - b.turn || a.createdAt - b.createdAt).slice(0, asking)
      expect(ids.toSorted()).toEqual(fairest.map((row) => row.id).toSorted())
    },
  )

  it('renews, and writes how far it has come', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    const renewed = await at.library.renew(holdOf(claimed), {
      now: NOW + 10_000,
      leaseMs: LEASE,
      progress: 0.25,
    })
    expect(renewed).toBe(true)
    expect(await stored(at.library, claimed)).toMatchObject({
      progress: 0.25,
      lease: { worker: 'worker', until: NOW + 10_000 + LEASE },
    })
    expect(await at.library.claim({ name: 'b', now: NOW + LEASE, leaseMs: LEASE })).toBeNull()
  })

  it('lets another take over when the lease has ended, and refuses the old fence', async () => {
    await submit(at.library)
    const zombie = await mustClaim(at.library)
    const early = await at.library.claim({ name: 'heir', now: NOW + LEASE - 1, leaseMs: LEASE })
    expect(early).toBeNull()
    const heir = await mustClaim(at.library, NOW + LEASE, 'heir')
    expect(heir).toMatchObject({
      id: zombie.id,
      attempt: 2,
      fence: 2,
      lease: { worker: 'heir' },
      progress: 0,
    })

    const late = { now: NOW + LEASE + 1, leaseMs: LEASE, progress: 0.9 }
    expect(await at.library.renew(holdOf(zombie), late)).toBe(false)
    for (const outcome of [
      done(zombie),
      again(0),
      { kind: 'failed', failure },
      { kind: 'released' },
    ] as const) {
      await expect(at.library.finish(holdOf(zombie), outcome, NOW)).rejects.toMatchObject({
        code: 'LEASE_LOST',
      })
    }
    expect(await stored(at.library, zombie)).toEqual(heir)
    expect(await at.library.unannounced(9)).toEqual([])
    await at.library.finish(holdOf(heir), done(heir), NOW)
  })

  it('lets a worker that was late go on as long as nobody took over', async () => {
    await submit(at.library)
    const slow = await mustClaim(at.library)
    const late = NOW + 2 * LEASE
    expect(await at.library.renew(holdOf(slow), { now: late, leaseMs: LEASE, progress: 0.5 })).toBe(true)
    expect(await at.library.claim({ name: 'b', now: late, leaseMs: LEASE })).toBeNull()
  })

  it('waits for the time of the next attempt', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    await at.library.finish(holdOf(claimed), again(NOW + 5000), NOW)
    expect(await stored(at.library, claimed)).toMatchObject({
      state: 'queued',
      attempt: 1,
      lease: null,
      failure,
      notBefore: NOW + 5000,
      endedAt: null,
    })
    expect(await at.library.claim({ name: 'b', now: NOW + 4999, leaseMs: LEASE })).toBeNull()
    expect(await mustClaim(at.library, NOW + 5000)).toMatchObject({ attempt: 2, fence: 2, failure: null })
  })

  it('counts no attempt that was given back', async () => {
    await submit(at.library)
    for (let drain = 1; drain <= 5; drain++) {
      const claimed = await mustClaim(at.library)
      expect(claimed).toMatchObject({ attempt: 1, fence: drain })
      await at.library.finish(holdOf(claimed), { kind: 'released' }, NOW)
      expect(await at.library.renew(holdOf(claimed), { now: NOW, leaseMs: LEASE, progress: 1 })).toBe(false)
    }
    expect(await at.library.unannounced(9)).toEqual([])
  })
}
