import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tidyBlobs } from '../../src/services/converter/sweep.ts'
import { until } from '../support/wait.ts'
import { copying, keysOf, openHouse, put, reached, row, submit } from './harness.ts'

const HOUR = 3_600_000

describe('the sweep', () => {
  it('fails what lost its worker in its last attempt, and tells it', async () => {
    const house = await openHouse()
    const id = await submit(house, { quietly: true })
    const long = Date.now() - HOUR
    for (let attempt = 1; attempt <= 3; attempt++) {
      await house.library.claim({ name: 'gone', now: long + attempt * 1000, leaseMs: 10 })
    }
    await house.start(copying)
    expect(await reached(house.library, id, 'failed')).toMatchObject({ failure: { code: 'WORKER_LOST' } })
    expect(await house.library.unannounced(10)).toHaveLength(1)
  })

  it('takes over what lost its worker before', async () => {
    const house = await openHouse()
    const id = await submit(house, { quietly: true })
    await house.library.claim({ name: 'gone', now: Date.now() - HOUR, leaseMs: 10 })
    await house.start(copying)
    expect(await reached(house.library, id, 'done')).toMatchObject({ attempt: 2 })
  })

  it('removes blobs that are old and that nothing refers to, and keeps the rest', async () => {
    const house = await openHouse()
    const { source, result } = house.blobs
    const first = await house.start(copying)
    const done = await reached(house.library, await submit(house), 'done')
    await first.stop(1_000)
    for (let each = 0; each < 3; each++) await put(source, `orphan-${each}`, randomBytes(10))
    await put(result, 'orphan', randomBytes(10))

    await house.start(copying, { tidyMs: 50, orphanAgeMs: HOUR })
    await delay(300)
    expect(await keysOf(source)).toHaveLength(4) // young: someone may be about to refer to them

    await house.start(copying, { tidyMs: 50, orphanAgeMs: HOUR }, { now: () => Date.now() + 2 * HOUR })
    await until('one source', async () => ((await keysOf(source)).length === 1 ? true : undefined))
    await until('one result', async () => ((await keysOf(result)).length === 1 ? true : undefined))
    await delay(150)
    expect(await keysOf(source)).toEqual([done.sourceId])
    expect(await keysOf(result)).toEqual([done.resultId])
  })

  it('removes files whose time is over, rows and bytes', async () => {
    const house = await openHouse()
    const converter = await house.start(copying, { retention: HOUR })
    const { resultId, sourceId } = await reached(house.library, await submit(house), 'done')
    await converter.stop(1_000)
    await house.start(copying, { tidyMs: 50 }, { now: () => Date.now() + 2 * HOUR })
    await until('the bytes to go', async () =>
      (await keysOf(house.blobs.result)).length === 0 ? true : undefined,
    )
    expect(await house.library.file(resultId ?? '')).toBeNull()
    expect(await house.library.file(sourceId)).not.toBeNull() // uploaded without a time
  })

  it('removes uploads that nobody finished', async () => {
    const house = await openHouse()
    const info = { fileId: 'x', fileName: 'x', contentType: 'video/mp4' }
    const writer = await house.blobs.source.create('x', info)
    await writer.write(randomBytes(10))
    await house.start(copying, { tidyMs: 50 }, { now: () => Date.now() + 30 * HOUR })
    await delay(300)
    await expect(writer.commit()).rejects.toThrow()
    await writer.abort()
  })

  it('removes nothing that is referred to, whatever lies in the store', async () => {
    const house = await openHouse()
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 6 }), async (live) => {
        const expected = new Set<string>()
        for (const kept of live) {
          count += 1
          if (kept) expected.add((await row(house.library, await submit(house, { quietly: true }))).sourceId)
          else await put(house.blobs.source, `orphan-${count}`, randomBytes(1))
        }
        const before = new Set((await keysOf(house.blobs.source)).filter((key) => !key.startsWith('orphan')))
        await tidyBlobs(house.partsFor(copying, { orphanAgeMs: -HOUR }), new AbortController().signal)
        expect(new Set(await keysOf(house.blobs.source))).toEqual(new Set([...before, ...expected]))
      }),
      { numRuns: 10 },
    )
  })
})
