import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import type { Conversion } from '../../src/domain/conversion.ts'
import { AppError } from '../../src/domain/errors.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { convert } from '../../src/media/convert.ts'
import { createCores } from '../../src/media/cores.ts'
import type { Receipt } from '../../src/media/receipt.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import type { QueueMessage, QueueName } from '../../src/ports/broker.ts'
import type { Library } from '../../src/ports/library.ts'
import { UNMEASURED } from '../../src/ports/metrics.ts'
import { UNTRACED } from '../../src/ports/tracer.ts'
import { type ConverterSettings, createConverter } from '../../src/services/converter/index.ts'
import { source, wanted } from '../contract/library/make.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

export type Convert = typeof convert

const LIMITS = { maxDuration: 1e9, maxOutput: 1e9, jobTimeout: 1e9, stallTimeout: 1e9 }

/** Stores and a broker as `soundlift serve` has them, in a folder of the test's own. */
export async function openHouse() {
  const dataDir = await temporaryFolder()
  const logger = silentLogger()
  const library = await openSqliteLibrary({ url: 'sqlite:', dataDir, migrate: true, logger })
  const blobs = {
    source: await openBlobs({ url: 'file:', sub: 'videos', dataDir, logger }),
    result: await openBlobs({ url: 'file:', sub: 'mp3s', dataDir, logger }),
  }
  const broker = openEmbedded()
  const told: { queue: QueueName; message: QueueMessage }[] = []
  for (const queue of ['mp3', 'failed'] as const) {
    await broker.subscribe(queue, async (message) => void told.push({ queue, message }))
  }
  onTestFinished(async () => {
    await broker.close()
    await library.close()
  })

  const partsFor = (convert: Convert, settings: Partial<ConverterSettings>) => ({
    ...{ library, blobs, broker, convert, logger, accounts: null, cores: createCores(2) },
    metrics: UNMEASURED,
    tracer: UNTRACED,
    now: Date.now,
    settings: { slots: 1, leaseMs: 30_000, limits: LIMITS, sweepMs: 50, ...settings },
  })
  /** A converter on these stores, or on others in their place; ended with the test. */
  async function start(
    convert: Convert,
    settings: Partial<ConverterSettings> = {},
    instead: Partial<ReturnType<typeof partsFor>> = {},
  ) {
    const converter = createConverter({ ...partsFor(convert, settings), ...instead })
    onTestFinished(() => converter.stop(500))
    await converter.start()
    return converter
  }
  return { library, blobs, broker, told, partsFor, start }
}

export type House = Awaited<ReturnType<typeof openHouse>>

export async function put(blobs: Blobs, key: string, bytes: Uint8Array): Promise<void> {
  const writer = await blobs.create(key, { fileId: key, fileName: key, contentType: 'video/mp4' })
  await writer.write(bytes)
  await writer.commit()
}

/** Uploads some bytes and asks for their conversion; the message is sent unless `quietly`. */
export async function submit(house: House, options: { quietly?: true } = {}): Promise<string> {
  const bytes = randomBytes(300_000)
  const id = newId()
  await put(house.blobs.source, id, bytes)
  const file = source({ id, blobKey: id, size: bytes.length, sha256: sha256(bytes), createdAt: Date.now() })
  const conversion = await house.library.addFile(file, wanted(file))
  if (!conversion) throw new Error('no conversion was made')
  if (!options.quietly) {
    await house.broker.publish('video', { video_fid: id, mp3_fid: null, username: conversion.ownerEmail })
  }
  return conversion.id
}

export async function row(library: Library, id: string): Promise<Conversion> {
  const conversion = await library.conversion(id)
  if (!conversion) throw new Error('the conversion is gone')
  return conversion
}

/** Waits until a conversion is in a state; the row as it is then. */
export function reached(library: Library, id: string, state: Conversion['state']): Promise<Conversion> {
  return until(
    `${id} is ${state}`,
    async () => {
      const conversion = await row(library, id)
      return conversion.state === state ? conversion : undefined
    },
    10_000,
  )
}

export async function keysOf(blobs: Blobs): Promise<string[]> {
  const keys: string[] = []
  for await (const key of blobs.list(Number.POSITIVE_INFINITY)) keys.push(key)
  return keys.sort()
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What the stand-ins below say they made. */
const receiptOf = (bytes: number): Receipt => ({
  engine: { name: 'stand-in', version: '1' },
  source: {
    bytes,
    bytesRead: bytes,
    requests: 1,
    container: 'matroska',
    tracks: [],
    track: 1,
    codec: 'aac',
    sampleRate: 44_100,
    channels: 2,
    declaredDuration: 71,
    duration: 71,
  },
  result: {
    bytes,
    format: 'mp3',
    sampleRate: 44_100,
    channels: 2,
    bitrate: 128_000,
    samples: 1,
    duration: 71,
    cover: null,
  },
  plan: 'encode',
  settings: [],
  loudness: null,
  normalized: null,
  warning: null,
  seconds: { probe: 0, convert: 0 },
})

/** Writes the source's bytes as the result, with its first byte patched to 0. */
export const copying: Convert = async (from, _wish, sink, { onProgress }) => {
  const bytes = await from.read(0, from.size)
  await sink.write(bytes)
  await sink.patch(0, new Uint8Array(1))
  onProgress?.(0.5)
  return receiptOf(bytes.length)
}

/** Runs until it is told to stop; `ticking` says whether media time advances meanwhile. */
export function endless(ticking: boolean) {
  const seen = { started: 0, ended: 0, endedAt: 0 }
  const stand: Convert = async (_source, _wish, sink, { signal, onProgress }) => {
    seen.started += 1
    await sink.write(new Uint8Array(1000))
    for (let tick = 1; !signal?.aborted; tick++) {
      if (ticking) onProgress?.(Math.min(0.9, tick / 1000))
      await delay(20)
    }
    seen.ended += 1
    seen.endedAt = Date.now()
    throw new AppError('CONVERSION_CANCELLED')
  }
  return { convert: stand, seen }
}
