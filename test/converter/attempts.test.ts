import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { until } from '../support/wait.ts'
import { type Convert, copying, keysOf, openHouse, put, reached, row, sha256, submit } from './harness.ts'

describe('an attempt', () => {
  it('ends with one result, its checksum, its receipt, one event and one message', async () => {
    const house = await openHouse()
    await house.start(copying)
    const id = await submit(house)
    const done = await reached(house.library, id, 'done')
    const result = await house.library.file(done.resultId ?? '')
    const bytes = await buffer(await house.blobs.result.read(result?.blobKey ?? ''))
    expect(result).toMatchObject({
      kind: 'result',
      name: 'talk.mp3',
      contentType: 'audio/mpeg',
      format: 'mp3',
      size: 300_000,
      duration: 71,
      sha256: sha256(bytes),
      derivedFrom: done.sourceId,
    })
    expect(bytes[0]).toBe(0)
    expect(await house.library.receipt(id)).toMatchObject({
      plan: 'encode',
      result: { sha256: result?.sha256 },
      source: { sha256: (await house.library.file(done.sourceId))?.sha256 },
    })
    expect(await house.library.unannounced(10)).toHaveLength(1)
    await until('the message', () => house.told[0])
    expect(house.told).toEqual([
      {
        queue: 'mp3',
        message: {
          video_fid: done.sourceId,
          mp3_fid: result?.id,
          username: 'alice@example.com',
          conversion_id: id,
          request_id: 'request-1',
        },
      },
    ])
    expect(await keysOf(house.blobs.result)).toEqual([result?.blobKey])
  })

  it('is not done when the store has other bytes than were uploaded', async () => {
    const house = await openHouse()
    const id = await submit(house, { quietly: true })
    const { sourceId } = await row(house.library, id)
    await house.blobs.source.remove(sourceId)
    await put(house.blobs.source, sourceId, new Uint8Array(300_000))
    await house.start(copying)
    const told = await until('a failure', async () => (await row(house.library, id)).failure ?? undefined)
    expect(told).toMatchObject({ code: 'BLOB_CORRUPT' })
    expect(await keysOf(house.blobs.result)).toEqual([])
  })

  it('fails at once for what lies in the file, with its reason, an event and a message', async () => {
    const house = await openHouse()
    await house.start(async () => {
      throw new AppError('MEDIA_NO_AUDIO')
    })
    const failed = await reached(house.library, await submit(house), 'failed')
    expect(failed).toMatchObject({
      attempt: 1,
      failure: { code: 'MEDIA_NO_AUDIO', text: 'The file has no sound.' },
    })
    expect(await house.library.unannounced(10)).toMatchObject([{ type: 'conversion.failed' }])
    await until('the message', () => house.told.find(({ queue }) => queue === 'failed'))
    expect(await keysOf(house.blobs.result)).toEqual([])
  })

  it('is made three times, then has failed for good; others are not held up, the process lives', async () => {
    const house = await openHouse()
    let now = Date.now()
    let poisoned = 0
    const id = await submit(house, { quietly: true })
    const convert: Convert = async (...args) => {
      if ((await row(house.library, id)).state !== 'running') return copying(...args)
      poisoned += 1
      throw new TypeError('poison')
    }
    await house.start(convert, {}, { now: () => now })
    await until('the first attempt', () => (poisoned === 1 ? true : undefined))
    const good = await submit(house)
    await reached(house.library, good, 'done')
    for (const attempt of [2, 3]) {
      await reached(house.library, id, 'queued') // its pause is counted from the time before the next step
      now += 60 * 60_000 // past any pause
      await until(`attempt ${attempt}`, () => (poisoned === attempt ? true : undefined))
    }
    const failed = await reached(house.library, id, 'failed')
    expect(failed).toMatchObject({ attempt: 3, failure: { code: 'INTERNAL' } })
    await delay(200)
    expect(poisoned).toBe(3)
    expect(await house.library.unannounced(10)).toHaveLength(2)
    expect(await keysOf(house.blobs.result)).toHaveLength(1)
  })

  it('waits before it is made again', async () => {
    const house = await openHouse()
    let calls = 0
    await house.start(async () => {
      calls += 1
      throw new AppError('ENGINE_FAILED')
    })
    const id = await submit(house)
    await until('the first attempt', () => (calls === 1 ? true : undefined))
    const queued = await reached(house.library, id, 'queued')
    expect(queued).toMatchObject({ attempt: 1, failure: { code: 'ENGINE_FAILED' } })
    expect(queued.notBefore).toBeLessThanOrEqual(Date.now() + 5_000)
  })

  it('fails when the source was lost or cut in the store', async () => {
    const house = await openHouse()
    const lost = await submit(house, { quietly: true })
    await house.blobs.source.remove((await row(house.library, lost)).sourceId)
    const cut = await submit(house, { quietly: true })
    const key = (await row(house.library, cut)).sourceId
    await house.blobs.source.remove(key)
    await put(house.blobs.source, key, new Uint8Array(10))
    await house.start(copying)
    expect(await reached(house.library, lost, 'failed')).toMatchObject({
      failure: { code: 'BLOB_NOT_FOUND' },
    })
    expect(await reached(house.library, cut, 'failed')).toMatchObject({ failure: { code: 'BLOB_CORRUPT' } })
  })

  it('encodes what did not pass its check as a copy, in the same attempt', async () => {
    const house = await openHouse()
    const tries: boolean[] = []
    await house.start(async (source, wish, sink, options) => {
      tries.push(options.mayCopy)
      if (options.mayCopy) throw new AppError('RESULT_INVALID')
      return copying(source, wish, sink, options)
    })
    expect(await reached(house.library, await submit(house), 'done')).toMatchObject({ attempt: 1 })
    expect(tries).toEqual([true, false])
  })

  it('discards a result of which the store does not give back every byte', async () => {
    const house = await openHouse()
    const result = {
      ...house.blobs.result,
      read: (key: string) => house.blobs.result.read(key, { offset: 0, length: 10 }),
    }
    await house.start(copying, {}, { blobs: { source: house.blobs.source, result } })
    const id = await submit(house)
    await until('the failure', async () => (await row(house.library, id)).failure ?? undefined)
    expect(await row(house.library, id)).toMatchObject({ failure: { code: 'RESULT_INVALID' } })
    expect(await keysOf(house.blobs.result)).toEqual([])
  })

  it('keeps a result whose commit succeeded though its answer was lost', async () => {
    const house = await openHouse()
    let calls = 0
    const library = {
      ...house.library,
      finish: async (...args: Parameters<typeof house.library.finish>) => {
        await house.library.finish(...args)
        calls += 1
        if (calls === 1) throw new Error('connection reset')
      },
    }
    await house.start(copying, {}, { library })
    const done = await reached(house.library, await submit(house), 'done')
    await until('the message', () => house.told[0])
    expect(await keysOf(house.blobs.result)).toEqual([done.resultId])
  })

  it('tells the sink’s failure, such as a full disk, and tries again', async () => {
    const house = await openHouse()
    await house.start(async (_source, _wish, sink) => {
      await sink.write(new Uint8Array(10))
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    })
    const id = await submit(house)
    await until('the failure', async () => (await row(house.library, id)).failure ?? undefined)
    expect(await row(house.library, id)).toMatchObject({ state: 'queued', failure: { code: 'STORAGE_FULL' } })
  })
})
