import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLogger } from '../../src/kit/logger.ts'
import { createUpkeep } from '../../src/services/upkeep/index.ts'
import type { UpkeepSettings } from '../../src/services/upkeep/parts.ts'
import { removeExpired } from '../../src/services/upkeep/remove-expired.ts'
import { tidyBlobs } from '../../src/services/upkeep/tidy-blobs.ts'
import { source, wanted } from '../contract/library/make.ts'
import { copying, type House, keysOf, openHouse, put, reached, row, submit } from '../converter/harness.ts'
import { until } from '../support/wait.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const upkeepParts = ({ library, blobs }: House, settings: UpkeepSettings = {}, ahead = 0) => ({
  library,
  blobs,
  settings,
  logger: silentLogger(),
  now: () => Date.now() + ahead,
})

/** An upkeep on the stores of a house, `ahead` milliseconds from now; ended with the test. */
async function startUpkeep(house: House, settings: UpkeepSettings, ahead = 0) {
  const upkeep = createUpkeep(upkeepParts(house, { everyMs: 50, ...settings }, ahead))
  onTestFinished(() => upkeep.stop(500))
  await upkeep.start()
}

describe('the upkeep', () => {
  it('removes blobs that are old and that nothing refers to, and keeps the rest', async () => {
    const house = await openHouse()
    const { source, result } = house.blobs
    const first = await house.start(copying)
    const done = await reached(house.library, await submit(house), 'done')
    await first.stop(1_000)
    for (let each = 0; each < 3; each++) await put(source, `orphan-${each}`, randomBytes(10))
    await put(result, 'orphan', randomBytes(10))

    await startUpkeep(house, { orphanAgeMs: HOUR })
    await delay(300)
    expect(await keysOf(source)).toHaveLength(4) // young: someone may be about to refer to them

    await startUpkeep(house, { orphanAgeMs: HOUR }, 2 * HOUR)
    await until('one source', async () => ((await keysOf(source)).length === 1 ? true : undefined))
    await until('one result', async () => ((await keysOf(result)).length === 1 ? true : undefined))
    await delay(150)
    expect(await keysOf(source)).toEqual([done.sourceId])
    expect(await keysOf(result)).toEqual([done.resultId])
  })

  it('removes no blob for a library that knows no file: its URL may be wrong', async () => {
    const house = await openHouse()
    await put(house.blobs.source, 'of-another', randomBytes(10))
    expect(await tidyBlobs(upkeepParts(house, { orphanAgeMs: -HOUR }), 'source')).toMatchObject({
      orphans: 0,
    })
    await submit(house)
    expect(await tidyBlobs(upkeepParts(house, { orphanAgeMs: -HOUR }), 'source')).toMatchObject({
      orphans: 1,
    })
  })

  it('removes files whose time is over, rows and bytes', async () => {
    const house = await openHouse()
    const converter = await house.start(copying, { retention: HOUR })
    const { resultId, sourceId } = await reached(house.library, await submit(house), 'done')
    await converter.stop(1_000)
    await startUpkeep(house, {}, 2 * HOUR)
    await until('the bytes to go', async () =>
      (await keysOf(house.blobs.result)).length === 0 ? true : undefined,
    )
    expect(await house.library.file(resultId ?? '')).toBeNull()
    expect(await house.library.file(sourceId)).not.toBeNull() // uploaded without a time
    expect(await house.library.formerFile(resultId ?? '')).toMatchObject({ id: resultId })
  })

  it('removes more expired files than one batch has, and passes by what is in use', async () => {
    const house = await openHouse()
    const files = Array.from({ length: 620 }, () => source({ expiresAt: 1 }))
    for (const file of files) await house.library.addFile(file)
    const used = source({ expiresAt: 1 })
    await house.library.addFile(used, wanted(used))
    const parts = upkeepParts(house)
    const size = files[0]?.size ?? 0
    expect(await removeExpired(parts, { batches: 1 })).toEqual({ files: 500, bytes: 500 * size })
    expect(await removeExpired(parts)).toMatchObject({ files: 120 })
    expect(await removeExpired(parts)).toMatchObject({ files: 0 })
    expect(await house.library.file(used.id)).not.toBeNull()
  })

  it('goes on when another upkeep was faster', async () => {
    const house = await openHouse()
    for (let each = 0; each < 40; each++) await house.library.addFile(source({ expiresAt: 1 }))
    const both = await Promise.all([removeExpired(upkeepParts(house)), removeExpired(upkeepParts(house))])
    expect(both[0].files + both[1].files).toBe(40)
  })

  it('forgets conversions that ended long ago, where a time is set', async () => {
    const house = await openHouse()
    const converter = await house.start(copying)
    const { id } = await reached(house.library, await submit(house), 'done')
    await converter.stop(1_000)
    await startUpkeep(house, {}, 400 * DAY)
    await startUpkeep(house, { history: 365 * DAY }, 300 * DAY)
    await delay(200)
    expect(await house.library.conversion(id)).not.toBeNull()
    await startUpkeep(house, { history: 365 * DAY }, 366 * DAY)
    await until('the row to go', async () => ((await house.library.conversion(id)) ? undefined : true))
  })

  it('removes uploads that nobody finished', async () => {
    const house = await openHouse()
    const info = { fileId: 'x', fileName: 'x', contentType: 'video/mp4' }
    const writer = await house.blobs.source.create('x', info)
    await writer.write(randomBytes(10))
    await startUpkeep(house, {}, 30 * HOUR)
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
        await tidyBlobs(upkeepParts(house, { orphanAgeMs: -HOUR }), 'source')
        expect(new Set(await keysOf(house.blobs.source))).toEqual(new Set([...before, ...expected]))
      }),
      { numRuns: 10 },
    )
  })
})
