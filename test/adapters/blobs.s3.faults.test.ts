import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { open, readdir, stat } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openS3 } from '../../src/adapters/blobs/s3.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import { type Minio, minioIsThere, s3Backend, urlOf } from '../support/backends/s3.ts'

const MB = 1024 * 1024
const info = () => ({ fileId: newId(), fileName: 'talk.mkv', contentType: 'video/x-matroska' })

async function opened(url: string): Promise<Blobs> {
  const blobs = await openS3({ url, kind: 'videos', logger: silentLogger() })
  onTestFinished(() => blobs.close())
  return blobs
}

async function put(blobs: Blobs, key: string, bytes: Uint8Array): Promise<void> {
  const writer = await blobs.create(key, info())
  await writer.write(bytes)
  await writer.commit()
}

/** A server that answers everything like this, and counts. */
async function fake(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return urlOf(`http://127.0.0.1:${portOf(server.address())}`)
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** In front of a server: lets `bytes` of answers through before it cuts a connection, `times` times. */
async function cutting(endpoint: string) {
  const cut = { bytes: Number.POSITIVE_INFINITY, times: 0 }
  const target = Number(new URL(endpoint).port)
  const server = createTcpServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) socket.on('error', () => {})
    let passed = 0
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      passed += chunk.length
      client.write(chunk)
      if (passed < cut.bytes || cut.times === 0) return
      cut.times -= 1
      client.destroy()
      upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: urlOf(`http://127.0.0.1:${portOf(server.address())}`), cut }
}

async function largestFile(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).map((name) => join(folder, name))
  const sizes = await Promise.all(names.map(async (name) => ({ name, size: (await stat(name)).size })))
  return sizes.sort((one, other) => other.size - one.size)[0]?.name ?? ''
}

describe.skipIf(!minioIsThere())('s3: faults', () => {
  const backend = s3Backend()
  const start = async (): Promise<Minio & { url: string }> => {
    const minio = await backend.start()
    return { ...minio, url: urlOf(minio.endpoint) }
  }

  it('tells that a stored byte has changed', async () => {
    const { url, folder } = await start()
    const blobs = await opened(url)
    await put(blobs, 'x', randomBytes(10 * MB))
    const file = await open(await largestFile(join(folder, 'soundlift-test')), 'r+')
    const { bytesRead, buffer: byte } = await file.read(Buffer.alloc(1), 0, 1, 5 * MB)
    expect(bytesRead).toBe(1)
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 5 * MB)
    await file.close()
    await expect(buffer(await blobs.read('x'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('tells that bytes changed on their way', async () => {
    const url = await fake((_request, response) => {
      response.writeHead(200, { 'content-length': 5, 'x-amz-checksum-crc32': 'AAAAAA==' }).end('hello')
    })
    const blobs = await opened(url)
    await expect(buffer(await blobs.read('x'))).rejects.toMatchObject({ code: 'BLOB_CORRUPT' })
  })

  it('takes a broken download up again where it was', async () => {
    const { endpoint } = await start()
    const { url, cut } = await cutting(endpoint)
    const blobs = await opened(url)
    const bytes = randomBytes(6 * MB)
    await put(blobs, 'x', bytes)
    Object.assign(cut, { bytes: 1 * MB, times: 4 })
    expect(Buffer.compare(await buffer(await blobs.read('x')), bytes)).toBe(0)
    expect(cut.times).toBe(0)
    Object.assign(cut, { times: 2 })
    const range = await buffer(await blobs.read('x', { offset: 1 * MB, length: 4 * MB }))
    expect(Buffer.compare(range, bytes.subarray(1 * MB, 5 * MB))).toBe(0)
    expect(cut.times).toBe(0)
  })

  it('gives up when the server stays away, and lets go at once when nobody reads on', async () => {
    const { url, process } = await start()
    const blobs = await opened(url)
    await put(blobs, 'x', randomBytes(30 * MB))
    const left = await blobs.read('x')
    const read = await blobs.read('x')
    await Promise.all([once(left, 'readable'), once(read, 'readable')])
    process.kill('SIGSTOP')
    left.destroy()
    await once(left, 'close')
    process.kill('SIGKILL')
    await expect(drained(read)).resolves.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('fails an upload whose server goes away', { timeout: 60_000 }, async () => {
    const { url, process, stop } = await start()
    const blobs = await opened(url)
    const writer = await blobs.create('x', info())
    await writer.write(randomBytes(20 * MB))
    process.kill('SIGKILL')
    const away = { code: 'SERVICE_UNAVAILABLE' }
    const writing = async () => {
      await writer.write(randomBytes(30 * MB))
      await writer.commit()
    }
    await expect(writing()).rejects.toMatchObject(away)
    await writer.abort()
    await expect(blobs.ping()).rejects.toMatchObject(away)
    await expect(blobs.read('x')).rejects.toMatchObject(away)
    await stop()
  })
})

describe('s3: opening', () => {
  it('waits for a server that is not ready, and says so', async () => {
    const lines: string[] = []
    const logger = pino({}, { write: (line: string) => void lines.push(line) })
    let asked = 0
    const url = await fake((_request, response) => {
      asked += 1
      response.writeHead(asked < 6 ? 503 : 200).end()
    })
    await (await openS3({ url, kind: 'videos', logger })).close()
    expect(lines.join()).toMatch(/waiting: S3 at 127\.0\.0\.1:\d+ does not answer/)
    expect(lines.join()).not.toMatch(/soundlift-test|Signature/)
  })

  it('gives up after a while', async () => {
    const url = await fake((_request, response) => void response.writeHead(503).end())
    const opening = openS3({ url, kind: 'videos', logger: silentLogger(), patience: 500 })
    await expect(opening).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it.each([
    ['may not make the bucket', { HEAD: 404, PUT: 403 }, {}, /make it by hand, or allow s3:CreateBucket/],
    ['is refused', { HEAD: 403 }, {}, /check the credentials and their rights/],
    ['asks in another region', { HEAD: 301 }, { 'x-amz-bucket-region': 'eu-1' }, /set \?region=eu-1/],
    ['talks to something else', { HEAD: 405 }, {}, /does not understand/],
  ])('says what mends it when it %s', async (_name, statuses, headers, message) => {
    const url = await fake(({ method = '' }, response) => {
      response.writeHead(new Map(Object.entries(statuses)).get(method) ?? 500, headers).end()
    })
    const opening = openS3({ url, kind: 'videos', logger: silentLogger() })
    await expect(opening).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })
})

/** What a stream fails with. */
async function drained(stream: Readable): Promise<unknown> {
  try {
    for await (const _chunk of stream) {
    }
    return undefined
  } catch (error) {
    return error
  }
}
