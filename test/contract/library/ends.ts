import { expect, it } from 'vitest'
import { MAX_ATTEMPTS } from '../../../src/domain/conversion.ts'
import { newId } from '../../../src/kit/ids.ts'
import {
  again,
  done,
  failed,
  failure,
  holdOf,
  LEASE,
  mustClaim,
  NOW,
  type Opened,
  resultOf,
  source,
  stored,
  submit,
} from './make.ts'

export function ends(at: Opened): void {
  it('takes up many results of one person, who has conversions too', async () => {
    const ownerId = newId()
    await submit(at.library, { ownerId })
    for (let each = 0; each < 2; each++) {
      const adopted = source({ ownerId, kind: 'result', derivedFrom: newId() })
      expect(await at.library.adoptResult(adopted, 'alice@example.com', NOW)).toMatchObject({ state: 'done' })
    }
    expect(await submit(at.library, { ownerId })).toMatchObject({ turn: 1 })
  })

  it('lets a result of another program end what waits for it, and whoever works at it loses its hold', async () => {
    const ownerId = newId()
    const { id } = await submit(at.library, { ownerId })
    const claimed = await mustClaim(at.library)
    const result = resultOf(claimed, { ownerId: null })
    const ended = await at.library.adoptResult(result, 'else@example.com', NOW + 5)
    expect(ended).toMatchObject({
      id,
      ownerId,
      state: 'done',
      resultId: result.id,
      endedAt: NOW + 5,
      lease: null,
    })
    expect(await at.library.file(result.id)).toMatchObject({ ownerId, derivedFrom: claimed.sourceId })
    expect(await at.library.unannounced(9)).toMatchObject([
      { conversionId: id, username: claimed.ownerEmail },
    ])
    const late = at.library.finish(holdOf(claimed), done(claimed), NOW + 6)
    await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  it('writes a result of another program down as a conversion of its own, once', async () => {
    const result = source({ kind: 'result', format: 'mp3', name: 'x.mp3', derivedFrom: newId() })
    const adopt = () => at.library.adoptResult(result, 'eve@example.com', NOW)
    const ended = await adopt()
    await expect(adopt()).rejects.toThrow()
    expect(await stored(at.library, ended)).toMatchObject({
      ownerId: null,
      ownerEmail: 'eve@example.com',
      state: 'done',
      sourceId: result.derivedFrom,
      resultId: result.id,
      wish: { format: 'mp3' },
    })
    expect(await at.library.newestResult(result.derivedFrom ?? '')).toEqual(result)
    expect(await at.library.unannounced(9)).toMatchObject([
      { type: 'conversion.done', result: { id: result.id } },
    ])
    expect(await at.library.conversions({ limit: 9 })).toHaveLength(1)
  })

  it('writes result, state, receipt and event together', async () => {
    const { id } = await submit(at.library, { ownerId: newId() })
    const claimed = await mustClaim(at.library)
    const result = resultOf(claimed)
    const warning = { code: 'SOURCE_TRUNCATED', text: 'It ends early.' } as const
    const receipt = { plan: 'copy', seconds: { probe: 0.1 } }
    await at.library.finish(holdOf(claimed), { kind: 'done', result, warning, receipt }, NOW + 7)

    const conversion = await stored(at.library, { id })
    expect(conversion).toEqual({
      ...claimed,
      state: 'done',
      lease: null,
      progress: 1,
      resultId: result.id,
      warning,
      endedAt: NOW + 7,
    })
    expect(await at.library.file(result.id)).toEqual(result)
    expect(await at.library.receipt(id)).toEqual(receipt)
    expect(await at.library.unannounced(9)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        type: 'conversion.done',
        conversionId: id,
        requestId: 'request-1',
        ownerId: claimed.ownerId,
        username: 'alice@example.com',
        sourceId: claimed.sourceId,
        sourceName: 'talk.mkv',
        result: {
          id: result.id,
          name: result.name,
          size: result.size,
          duration: result.duration,
          contentType: result.contentType,
        },
        warning,
        failure: null,
        createdAt: NOW + 7,
        conversion: {
          state: 'done',
          progress: 1,
          attempt: 1,
          wish: claimed.wish,
          sourceSize: claimed.sourceSize,
          createdAt: NOW,
          startedAt: NOW,
          endedAt: NOW + 7,
        },
        traceparent: null,
        webhook: null,
      },
    ])
  })

  it('writes none of them when one can not be written', async () => {
    const other = source()
    await at.library.addFile(other)
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    await expect(at.library.finish(holdOf(claimed), done(claimed, { id: other.id }), NOW)).rejects.toThrow()
    expect(await stored(at.library, claimed)).toEqual(claimed)
    expect(await at.library.file(other.id)).toEqual(other)
    expect(await at.library.receipt(claimed.id)).toBeNull()
    expect(await at.library.unannounced(9)).toEqual([])

    await at.library.finish(holdOf(claimed), done(claimed), NOW)
    expect(await stored(at.library, claimed)).toMatchObject({ state: 'done' })
  })

  it('fails with its reason and an event', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    await at.library.finish(holdOf(claimed), failed, NOW + 7)
    expect(await stored(at.library, claimed)).toMatchObject({
      state: 'failed',
      failure,
      lease: null,
      endedAt: NOW + 7,
    })
    const [event, ...more] = await at.library.unannounced(9)
    expect(event).toMatchObject({
      type: 'conversion.failed',
      result: null,
      failure,
      conversionId: claimed.id,
    })
    expect(more).toEqual([])
  })

  it('ends once, with one event, however many try', async () => {
    await submit(at.library)
    const claimed = await mustClaim(at.library)
    const other = await at.open()
    const tries = Array.from({ length: 10 }, (_, place) =>
      (place % 2 ? at.library : other).finish(holdOf(claimed), place % 3 ? done(claimed) : failed, NOW),
    )
    const ended = await Promise.allSettled(tries)
    expect(ended.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    expect(await at.library.unannounced(99)).toHaveLength(1)
    for (const each of ended) {
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'LEASE_LOST' })
    }
  })

  it('forgets the failure of an attempt when the next one is done', async () => {
    await submit(at.library)
    const first = await mustClaim(at.library)
    await at.library.finish(holdOf(first), again(NOW), NOW)
    const second = await mustClaim(at.library)
    await at.library.finish(holdOf(second), done(second), NOW)
    expect(await stored(at.library, second)).toMatchObject({ state: 'done', failure: null, attempt: 2 })
    expect(await at.library.unannounced(9)).toHaveLength(1)
  })

  it('fails what lost its worker in its last attempt, and hands it out no more', async () => {
    await submit(at.library)
    let now = NOW
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      expect(await at.library.failExhausted(now)).toBe(0)
      expect(await mustClaim(at.library, now)).toMatchObject({ attempt })
      now += LEASE
    }
    expect(await at.library.claim({ name: 'b', now, leaseMs: LEASE })).toBeNull()
    expect(await at.library.failExhausted(now - 1)).toBe(0)

    const other = await at.open()
    const counts = await Promise.all([at.library.failExhausted(now), other.failExhausted(now)])
    expect(counts.sort()).toEqual([0, 1])
    const events = await at.library.unannounced(9)
    expect(events).toMatchObject([{ type: 'conversion.failed', failure: { code: 'WORKER_LOST' } }])
    expect(await at.library.conversions({ limit: 9, state: 'failed' })).toHaveLength(1)
  })
}
