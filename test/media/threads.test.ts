import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ConvertOptions } from '../../src/media/convert.ts'
import { createCores } from '../../src/media/cores.ts'
import type { ByteSource } from '../../src/media/source/byte-source.ts'
import { longWav, media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { LIMITS } from './run-wish.ts'
import { bytesOf, convertBytes, outcomeOf, sourceOf } from './try-convert.ts'

describe('a worker does not outlive a job that fails', () => {
  const threads = () => readdirSync('/proc/self/task').length
  const endsWith = async (code: string, options: Partial<ConvertOptions>, source?: ByteSource) => {
    const before = threads()
    const ended = await outcomeOf(source ?? sourceOf(await bytesOf(longWav(60))), options)
    expect(ended.code).toBe(code)
    for (let turn = 0; threads() > before && turn < 40; turn++) await pause(50)
    expect(threads()).toBeLessThanOrEqual(before)
  }
  beforeAll(async () => void (await convertBytes(await bytesOf(media('wav')))), 60_000) // the pool has its threads

  it('cancelled', () => endsWith('CONVERSION_CANCELLED', { signal: AbortSignal.timeout(500) }))
  it('out of time', () => endsWith('CONVERSION_TIMEOUT', { limits: { ...LIMITS, jobTimeout: 500 } }))
  it('the source breaks off', async () => {
    const whole = sourceOf(await bytesOf(longWav(60)))
    const read: ByteSource['read'] = (offset, length) =>
      offset > 1_000_000 ? Promise.reject(new Error('gone')) : whole.read(offset, length)
    await endsWith('Error: gone', {}, { ...whole, read })
  })
  it('there is nothing to read, and its engine is idle by then', async () => {
    const unreadable = sourceOf(Buffer.from('no media at all'.repeat(100)))
    expect((await outcomeOf(unreadable)).code).toBe('MEDIA_UNREADABLE') // in whatever thread had been left to it
    const started: Worker[] = []
    const onStart = (worker: Worker) => void started.push(worker)
    process.on('worker', onStart)
    onTestFinished(() => void process.off('worker', onStart))
    expect((await outcomeOf(unreadable)).code).toBe('MEDIA_UNREADABLE')
    expect(started.map(({ threadId }) => threadId)).toEqual([-1])
  })
  it('one of its encoders crashes', async () => {
    await convertBytes(await bytesOf(media('wav'))) // whose decoder is taken again: what starts now are lanes
    const started: Worker[] = []
    const onStart = (worker: Worker) => void started.push(worker)
    process.on('worker', onStart)
    onTestFinished(() => void process.off('worker', onStart))
    const crash = until('the lanes start', () => started.at(2)).then((lane) => lane.terminate())
    await endsWith('ENGINE_FAILED', { cores: createCores(3) })
    await crash
    expect(started).toHaveLength(3)
  })
})
