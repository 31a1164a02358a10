import { expect, it } from 'vitest'
import { newId } from '../../../src/kit/ids.ts'
import { done, holdOf, mustClaim, NOW, type Opened, stored, submit } from './make.ts'

export function upkeep(at: Opened): void {
  it('lists one’s own conversions, newest first, page by page, by state', async () => {
    const ownerId = newId()
    const mine: string[] = []
    for (let minute = 0; minute < 5; minute++) {
      const createdAt = NOW + minute * 60_000
      mine.unshift((await submit(at.library, { id: newId(createdAt), ownerId, createdAt })).id)
      await submit(at.library, { id: newId(createdAt), createdAt })
    }
    const first = await at.library.conversions({ ownerId, limit: 2 })
    const rest = await at.library.conversions({ ownerId, limit: 9, cursor: first[1]?.id ?? '' })
    expect([...first, ...rest].map((each) => each.id)).toEqual(mine)
    await at.library.cancel(mine[3] ?? '', NOW)
    const cancelled = await at.library.conversions({ ownerId, limit: 9, state: 'cancelled' })
    expect(cancelled.map((each) => each.id)).toEqual([mine[3]])
    expect(await at.library.conversions({ limit: 99 })).toHaveLength(10)
  })

  it('counts what is queued, of one owner, of those without an account, and of all, up to a number', async () => {
    const ownerId = newId()
    for (let count = 0; count < 4; count++) await submit(at.library, { ownerId })
    await submit(at.library)
    await mustClaim(at.library)
    const { id } = await submit(at.library, { ownerId: newId() })
    await at.library.cancel(id, NOW)
    const counts = [at.library.queued(9, ownerId), at.library.queued(9, null), at.library.queued(9)]
    expect(await Promise.all(counts)).toEqual([3, 1, 4])
    expect(await at.library.queued(2, ownerId)).toBe(2)
    expect(await at.library.queued(9, newId())).toBe(0)
  })

  it('gives events to be told until they are announced, oldest first', async () => {
    const told: string[] = []
    for (let later = 0; later < 4; later++) {
      await submit(at.library)
      const claimed = await mustClaim(at.library)
      await at.library.finish(holdOf(claimed), done(claimed), NOW + later * 1000)
      told.push(claimed.id)
    }
    const first = await at.library.unannounced(2)
    expect(first.map((event) => event.conversionId)).toEqual(told.slice(0, 2))
    await at.library.announced(first.map((event) => event.id))
    await at.library.announced(first.map((event) => event.id))
    await at.library.announced([])
    const rest = await at.library.unannounced(9)
    expect(rest.map((event) => event.conversionId)).toEqual(told.slice(2))
  })

  it('forgets what ended long ago, so many at once, and keeps the rest', async () => {
    const ended: string[] = []
    for (let minute = 0; minute < 4; minute++) {
      const { id } = await submit(at.library)
      await at.library.cancel(id, NOW + minute * 60_000)
      ended.push(id)
    }
    const waiting = await submit(at.library)
    await at.library.retry(ended[0] ?? '', NOW)
    expect(await at.library.forget(NOW, 9)).toBe(0)
    expect(await at.library.overdue(NOW, NOW + 120_000)).toMatchObject({ rows: 2 })
    expect(await at.library.forget(NOW + 120_000, 1)).toBe(1)
    expect(await at.library.conversion(ended[1] ?? '')).toBeNull()
    expect(await at.library.forget(NOW + 120_000, 9)).toBe(1)
    expect(await at.library.forget(NOW + 120_000, 9)).toBe(0)
    const left = await at.library.conversions({ limit: 9 })
    expect(left.map((each) => each.id).sort()).toEqual([ended[0], ended[3], waiting.id].sort())
    expect(await at.library.file(waiting.sourceId)).not.toBeNull()
  })

  it('never forgets what nobody was told', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    await at.library.finish(holdOf(claimed), done(claimed), NOW)
    expect(await at.library.forget(NOW, 9)).toBe(1)
    const untold = await at.library.unannounced(9)
    expect(untold.map((event) => event.conversionId)).toEqual([claimed.id])
    expect(await at.library.file(claimed.sourceId)).not.toBeNull()
  })

  it('keeps everything when it is closed and opened', async () => {
    await submit(at.library)
    const ended = await mustClaim(at.library)
    await at.library.finish(holdOf(ended), done(ended), NOW)
    const running = await submit(at.library)
    await mustClaim(at.library)
    const before = await stored(at.library, running)
    await at.library.close()

    const again = await at.open()
    expect(await stored(again, running)).toEqual(before)
    expect(await stored(again, ended)).toMatchObject({ state: 'done' })
    expect(await again.unannounced(9)).toHaveLength(1)
    expect(await again.renew(holdOf(before), { now: NOW, leaseMs: 1, progress: 0.5 })).toBe(true)
  })

  it('says so when it does not answer', async () => {
    await at.library.ping()
    await at.library.close()
    await at.library.close()
    await expect(at.library.ping()).rejects.toThrow()
  })
}
