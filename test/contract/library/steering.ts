import { expect, it } from 'vitest'
import { MAX_ATTEMPTS } from '../../../src/domain/conversion.ts'
import { newId } from '../../../src/kit/ids.ts'
import { again, done, failed, holdOf, LEASE, mustClaim, NOW, type Opened, stored, submit } from './make.ts'

const renewal = { now: NOW, leaseMs: LEASE, progress: 0.5 }

export function steering(at: Opened): void {
  it('cancels what waits', async () => {
    const { id } = await submit(at.library)
    expect(await at.library.cancel(id, NOW + 1)).toMatchObject({ id, state: 'cancelled', endedAt: NOW + 1 })
    expect(await at.library.claim({ name: 'a', now: NOW, leaseMs: LEASE })).toBeNull()
    expect(await at.library.unannounced(9)).toEqual([])
  })

  it('cancels what runs: its worker is told at its next word', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    expect(await at.library.cancel(claimed.id, NOW)).toMatchObject({ state: 'cancelled', lease: null })
    expect(await at.library.renew(holdOf(claimed), renewal)).toBe(false)
    await expect(at.library.finish(holdOf(claimed), done(claimed), NOW)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
    expect(await at.library.newestResult(claimed.sourceId)).toBeNull()
    expect(await at.library.failExhausted(NOW + LEASE)).toBe(0)
  })

  it('cancels only what has not ended', async () => {
    await expect(at.library.cancel(newId(), NOW)).rejects.toMatchObject({ code: 'CONVERSION_NOT_FOUND' })
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    await at.library.finish(holdOf(claimed), done(claimed), NOW)
    await expect(at.library.cancel(claimed.id, NOW)).rejects.toMatchObject({ code: 'CONVERSION_ENDED' })
    expect(await stored(at.library, claimed)).toMatchObject({ state: 'done' })
  })

  it('either cancels or finishes, never both', async () => {
    const other = await at.open()
    for (let round = 0; round < 10; round++) {
      await submit(at.library)
      const claimed = await mustClaim(at.library)
      const both = await Promise.allSettled([
        at.library.cancel(claimed.id, NOW),
        other.finish(holdOf(claimed), done(claimed), NOW),
      ])
      expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    }
  })

  it('retries a failed one as if it were new, under a fence that goes on rising', async () => {
    const { id } = await submit(at.library)
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      await at.library.finish(holdOf(await mustClaim(at.library)), again(NOW), NOW)
    }
    const last = await mustClaim(at.library)
    await at.library.finish(holdOf(last), failed, NOW)
    expect(await at.library.retry(id, NOW)).toMatchObject({
      state: 'queued',
      attempt: 0,
      fence: MAX_ATTEMPTS,
      progress: 0,
      failure: null,
      startedAt: null,
      endedAt: null,
    })
    expect(await at.library.renew(holdOf(last), renewal)).toBe(false)
    const anew = await mustClaim(at.library)
    expect(anew).toMatchObject({ id, attempt: 1, fence: MAX_ATTEMPTS + 1 })
    await at.library.finish(holdOf(anew), done(anew), NOW)
    expect(await at.library.unannounced(9)).toHaveLength(2)
  })

  it('retries a cancelled one, and its old worker stays shut out', async () => {
    const { id } = await submit(at.library)
    const old = await mustClaim(at.library)
    await at.library.cancel(id, NOW)
    await at.library.retry(id, NOW)
    expect(await at.library.renew(holdOf(old), renewal)).toBe(false)
    expect(await mustClaim(at.library)).toMatchObject({ id, attempt: 1, fence: 2 })
    expect(await at.library.renew(holdOf(old), renewal)).toBe(false)
  })

  it('retries nothing else', async () => {
    const refused = { code: 'CONVERSION_NOT_RETRYABLE' }
    await expect(at.library.retry(newId(), NOW)).rejects.toMatchObject({ code: 'CONVERSION_NOT_FOUND' })
    const { id } = await submit(at.library)
    await expect(at.library.retry(id, NOW)).rejects.toMatchObject(refused)
    const claimed = await mustClaim(at.library)
    await expect(at.library.retry(id, NOW)).rejects.toMatchObject(refused)
    await at.library.finish(holdOf(claimed), done(claimed), NOW)
    await expect(at.library.retry(id, NOW)).rejects.toMatchObject(refused)
    expect(await stored(at.library, { id })).toMatchObject({ state: 'done' })
  })

  it('does not retry what has lost its source', async () => {
    const { id, sourceId } = await submit(at.library)
    await at.library.cancel(id, NOW)
    await at.library.removeFile(sourceId)
    await expect(at.library.retry(id, NOW)).rejects.toMatchObject({ code: 'FILE_EXPIRED' })
    expect(await stored(at.library, { id })).toMatchObject({ state: 'cancelled', endedAt: NOW })
  })
}
