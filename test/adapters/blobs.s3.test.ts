import { randomBytes as noise } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { openS3 } from '../../src/adapters/blobs/s3.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import { blobsContract } from '../contract/blobs.ts'
import { s3Backend, s3IsThere } from '../support/backends/s3.ts'
import { memoryFor } from '../support/blob-memory.ts'

const MB = 1024 * 1024
const logger = silentLogger()
const info = () => ({ fileId: newId(), fileName: 'Ünï "talk".mkv', contentType: 'video/x-matroska' })

async function opened(url: string, kind = 'videos'): Promise<Blobs> {
  const blobs = await openS3({ url, kind, logger })
  onTestFinished(() => blobs.close())
  return blobs
}

async function put(blobs: Blobs, key: string, ...parts: readonly Uint8Array[]): Promise<void> {
  const writer = await blobs.create(key, info())
  for (const part of parts) await writer.write(part)
  await writer.commit()
}

async function keysOf(blobs: Blobs): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of blobs.list(Date.now() + 60_000)) keys.push(key)
  return keys.sort()
}

describe.skipIf(!(await s3IsThere()))('on a real S3 server', () => {
  const server = s3Backend()

  blobsContract('s3', async () => openS3({ url: await server.url(), kind: 'videos', logger }))

  describe('s3', () => {
    /** An own bucket, below a prefix. */
    const below = async (prefix: string) => (await server.url()).replace('?', `/${prefix}?`)

    it('puts a blob under exactly its key, with its type', async () => {
      const url = await below('some/where')
      const key = `${newId()}/1700000000000-0123456789ab-Ünï_100%_(a).pdf`
      await put(await opened(url), key, Buffer.from('pdf'))
      const { s3, bucket } = server.look(url)
      const found = await s3.getObject({ Bucket: bucket, Key: `some/where/${key}` })
      expect(await found.Body?.transformToString()).toBe('pdf')
      expect(found.ContentType).toBe('video/x-matroska')
    })

    it('keeps two kinds in one bucket apart, and leaves what others put there alone', async () => {
      const url = await server.url()
      const [videos, mp3s] = [await opened(url), await opened(url, 'mp3s')]
      const { s3, bucket } = server.look(url)
      await put(videos, 'video', noise(9 * MB))
      await put(mp3s, 'mp3', noise(1))
      await s3.putObject({ Bucket: bucket, Key: 'theirs/1', Body: 'x' })
      const theirs = await s3.createMultipartUpload({ Bucket: bucket, Key: 'theirs/2' })
      expect([await keysOf(videos), await keysOf(mp3s)]).toEqual([['video'], ['mp3']])
      const unfinished = await videos.create('unfinished', info())
      await unfinished.write(noise(32 * MB))
      expect(await mp3s.removeUnfinished(Date.now() + 60_000)).toBe(0)
      expect(await videos.removeUnfinished(Date.now() + 60_000)).toBe(1)
      await unfinished.abort()
      await videos.remove('video')
      await mp3s.remove('mp3')
      const { Contents } = await s3.listObjectsV2({ Bucket: bucket })
      expect(Contents?.map(({ Key }) => Key)).toEqual(['theirs/1'])
      const { Uploads } = await s3.listMultipartUploads({ Bucket: bucket })
      expect(Uploads?.map(({ UploadId }) => UploadId)).toEqual([theirs.UploadId])
    })

    it('lists more blobs than fit on a page', async () => {
      const blobs = await opened(await server.url())
      const keys = Array.from({ length: 1_005 }, (_, place) => `k${String(place).padStart(5, '0')}`)
      for (let start = 0; start < keys.length; start += 50)
        await Promise.all(keys.slice(start, start + 50).map((key) => put(blobs, key)))
      expect(await keysOf(blobs)).toEqual(keys)
    })

    it.each([0, 1, 8 * MB - 1, 8 * MB, 8 * MB + 1, 16 * MB, 24 * MB + 7])(
      'keeps %i bytes whole',
      async (size) => {
        const blobs = await opened(await server.url())
        const bytes = noise(size)
        const writer = await blobs.create('x', info())
        for (let at = 0; at < size; at += 700_000) await writer.write(bytes.subarray(at, at + 700_000))
        if (size > 10) await writer.patch(3, Buffer.from('patch'))
        expect(await writer.commit()).toBe(size)
        if (size > 10) bytes.set(Buffer.from('patch'), 3)
        expect(Buffer.compare(await buffer(await blobs.read('x')), bytes)).toBe(0)
        const range = { offset: Math.max(0, size - 9 * MB), length: 8 * MB }
        const part = await buffer(await blobs.read('x', range))
        expect(Buffer.compare(part, bytes.subarray(range.offset, range.offset + range.length))).toBe(0)
      },
    )

    it('leaves nothing of an upload that is aborted', async () => {
      const url = await server.url()
      const blobs = await opened(url)
      for (const size of [1, 30 * MB]) {
        const writer = await blobs.create(`aborted-${size}`, info())
        await writer.write(noise(size))
        await writer.abort()
      }
      const { s3, bucket } = server.look(url)
      expect((await s3.listObjectsV2({ Bucket: bucket })).KeyCount).toBe(0)
      expect((await s3.listMultipartUploads({ Bucket: bucket })).Uploads ?? []).toEqual([])
    })

    it('holds 300 MB without holding them in memory', { timeout: 60_000 }, async () => {
      const settings = { url: await server.url(), kind: 'videos' }
      expect(await memoryFor('adapters/blobs/s3.ts', 'openS3', settings)).toBeLessThan(160)
    })

    it('makes its bucket once, when several open at the same time', async () => {
      const url = await server.url()
      const stores = await Promise.all(Array.from({ length: 6 }, () => opened(url)))
      for (const store of stores) await store.ping()
    })

    it('is opened by its scheme', async () => {
      const settings = { url: await server.url(), dataDir: '', logger }
      const blobs = await openBlobs({ ...settings, sub: 'mp3s' })
      onTestFinished(() => blobs.close())
      await put(blobs, 'x', noise(3))
      expect(await keysOf(await opened(settings.url, 'mp3s'))).toEqual(['x'])
    })

    it('refuses a wrong password, and says what to check', async () => {
      const url = (await server.url()).replace(/:[^:@]*@/, ':wrong@')
      await expect(openS3({ url, kind: 'videos', logger })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/refuses the bucket.*credentials/),
      })
    })
  })

  describe('s3: links', () => {
    const options = { seconds: 2, fileName: 'Ünï "talk".mkv', contentType: 'video/x-matroska' }

    it('open for a while, with type and name, and only as they were signed', async () => {
      const endpoint = new URL(await server.url()).searchParams.get('endpoint') ?? ''
      const blobs = await opened(await server.url({ publicEndpoint: endpoint }))
      await put(blobs, 'a b/ü', Buffer.from('hello'))
      const link = (await blobs.signedUrl?.('a b/ü', options)) ?? ''
      const answer = await fetch(link)
      expect(await answer.text()).toBe('hello')
      expect(answer.headers.get('content-type')).toBe('video/x-matroska')
      expect(answer.headers.get('content-disposition')).toMatch(
        /^attachment; .*filename\*=UTF-8''%C3%9Cn%C3%AF/,
      )
      for (const forged of [
        link.replace('matroska', 'other'),
        link.replace('talk', 'walk'),
        link.replace('/a%20b/', '/c/'),
        link.replace('Expires=2', 'Expires=900'),
        link.replace(/\?.*/, ''), // nothing is public
      ]) {
        expect(forged).not.toBe(link)
        expect((await fetch(forged)).status).toBe(403)
      }
      await delay(2_500)
      expect((await fetch(link)).status).toBe(403)
    })

    it('bear the public name of the server', async () => {
      const inner = new URL(new URL(await server.url()).searchParams.get('endpoint') ?? '')
      const publicEndpoint = `http://localhost:${inner.port}`
      const blobs = await opened(await server.url({ publicEndpoint }))
      await put(blobs, 'x', Buffer.from('hello'))
      const link = (await blobs.signedUrl?.('x', options)) ?? ''
      expect(link).toMatch(`${publicEndpoint}/`)
      expect(await (await fetch(link)).text()).toBe('hello')
    })

    it('are not handed out when only an inner endpoint is known', async () => {
      expect(await opened(await server.url())).not.toHaveProperty('signedUrl')
    })
  })
})
