import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { newId } from '../../src/kit/ids.ts'
import { type Blobs, PATCHABLE_HEAD } from '../../src/ports/blobs.ts'

/** Each blob belongs to a file of its own. */
const info = () => ({ fileId: newId(), fileName: 'talk.mkv', contentType: 'video/x-matroska' })
const MB = 1024 * 1024
/** More than any store keeps back before it writes something down. */
const WRITTEN_DOWN = 32 * MB
const bytesOf = (content: string) => new TextEncoder().encode(content)

/** What every blob store keeps. `open` gives an empty one. */
export function blobsContract(name: string, open: () => Promise<Blobs>): void {
  describe(`blobs: ${name}`, () => {
    let blobs: Blobs
    beforeAll(async () => {
      blobs = await open()
    })
    afterAll(() => blobs.close())

    const put = async (key: string, ...parts: (string | Uint8Array)[]) => {
      const writer = await blobs.create(key, info())
      for (const part of parts) await writer.write(typeof part === 'string' ? bytesOf(part) : part)
      return writer.commit()
    }
    const keys = async (before = Date.now() + 60_000) => {
      const found: string[] = []
      for await (const key of blobs.list(before)) found.push(key)
      return found.sort()
    }

    it('gives back what was written, and its size', async () => {
      expect(await put('whole', 'hel', 'lo')).toBe(5)
      expect(await blobs.size('whole')).toBe(5)
      expect(await text(await blobs.read('whole'))).toBe('hello')
    })

    it('keeps an empty blob', async () => {
      expect(await put('empty')).toBe(0)
      expect(await text(await blobs.read('empty'))).toBe('')
    })

    it('reads ranges', async () => {
      await put('range', '0123456789')
      const range = async (offset: number, length: number) =>
        text(await blobs.read('range', { offset, length }))
      expect(await range(0, 3)).toBe('012')
      expect(await range(4, 2)).toBe('45')
      expect(await range(8, 2)).toBe('89')
      expect(await range(8, 100)).toBe('89')
      expect(await range(3, 0)).toBe('')
    })

    it('takes the buffer before write resolves', async () => {
      const writer = await blobs.create('reused', info())
      const shared = bytesOf('aaaa')
      await writer.write(shared)
      shared.set(bytesOf('bbbb'))
      await writer.write(shared)
      await writer.commit()
      expect(await text(await blobs.read('reused'))).toBe('aaaabbbb')
    })

    it('rewrites bytes near the start before commit', async () => {
      const writer = await blobs.create('patched', info())
      await writer.write(bytesOf('0123456789'))
      await writer.patch(2, bytesOf('xy'))
      await writer.write(bytesOf('end'))
      expect(await writer.commit()).toBe(13)
      expect(await text(await blobs.read('patched'))).toBe('01xy456789end')
    })

    it('refuses to patch what is not there yet or lies further in', async () => {
      const writer = await blobs.create('patched-far', info())
      await writer.write(new Uint8Array(PATCHABLE_HEAD + 5_000))
      await expect(writer.patch(PATCHABLE_HEAD - 1, bytesOf('xy'))).rejects.toMatchObject({
        code: 'INTERNAL',
      })
      await writer.abort()
    })

    it('shows nothing before commit, and nothing after abort', async () => {
      const writer = await blobs.create('half', info())
      await writer.write(bytesOf('half'))
      await expect(blobs.size('half')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
      expect(await keys()).not.toContain('half')
      await writer.abort()
      await writer.abort()
      await expect(blobs.read('half')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
    })

    it('leaves a committed blob alone when its writer is aborted afterwards', async () => {
      const writer = await blobs.create('kept', info())
      await writer.write(bytesOf('kept'))
      await writer.commit()
      await writer.abort()
      expect(await blobs.size('kept')).toBe(4)
    })

    it('names a missing key BLOB_NOT_FOUND before the first byte', async () => {
      await expect(blobs.read('missing')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
      await expect(blobs.read('missing', { offset: 0, length: 0 })).rejects.toMatchObject({
        code: 'BLOB_NOT_FOUND',
      })
      await expect(blobs.size('missing')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
    })

    it('removes, twice without complaint', async () => {
      await put('gone', 'x')
      await blobs.remove('gone')
      await blobs.remove('gone')
      await expect(blobs.size('gone')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
    })

    it('keeps keys apart that resemble each other', async () => {
      const alike = [
        'a',
        'a/b',
        'a/b/c',
        'a_b',
        'a.b',
        '../a',
        '.a',
        './a',
        `${'l'.repeat(255)}/${'m'.repeat(255)}`,
      ]
      for (const key of alike) await put(key, key)
      for (const key of alike) expect(await text(await blobs.read(key))).toBe(key)
      expect(await keys()).toEqual(expect.arrayContaining(alike))
      for (const key of alike) await blobs.remove(key)
      expect(await keys()).not.toContain('a/b')
    })

    it('lists only what was last written before', async () => {
      await put('listed', 'x')
      expect(await keys(Date.now() - 60_000)).not.toContain('listed')
      expect(await keys()).toContain('listed')
    })

    it('removes unfinished writes that are old, and no others', async () => {
      const old = await blobs.create('unfinished', info())
      await old.write(new Uint8Array(WRITTEN_DOWN))
      expect(await blobs.removeUnfinished(Date.now() - 60_000)).toBe(0)
      expect(await blobs.removeUnfinished(Date.now() + 60_000)).toBe(1)
      await expect(old.commit()).rejects.toBeInstanceOf(AppError)
      await old.abort()
      await expect(blobs.size('unfinished')).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
      expect(await text(await blobs.read('whole'))).toBe('hello')
    })

    it('gives back any bytes in any chunks, by any range', async () => {
      let count = 0
      const chunks = fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(chunks, fc.nat(10_000), fc.nat(10_000), async (parts, offset, length) => {
          count += 1
          const key = `any/${count}`
          const writer = await blobs.create(key, info())
          for (const part of parts) await writer.write(part)
          const whole = Buffer.concat(parts)
          expect(await writer.commit()).toBe(whole.length)
          const read = await buffer(await blobs.read(key, { offset, length }))
          expect(Buffer.compare(read, whole.subarray(offset, offset + length))).toBe(0)
        }),
        { numRuns: 30 },
      )
    })

    it('takes many writers at once', async () => {
      const all = Array.from({ length: 12 }, (_, place) => randomBytes(place * MB + place))
      await Promise.all(all.map((bytes) => put(`writer/${bytes.length}`, bytes)))
      for (const bytes of all) {
        expect(Buffer.compare(await buffer(await blobs.read(`writer/${bytes.length}`)), bytes)).toBe(0)
      }
    })

    it('holds a large blob without holding it in memory', async () => {
      const size = 48 * MB
      const writer = await blobs.create('large', info())
      const part = new Uint8Array(MB).fill(7)
      for (let written = 0; written < size; written += part.length) await writer.write(part)
      await writer.commit()
      const stream = await blobs.read('large')
      expect(stream).toBeInstanceOf(Readable)
      let read = 0
      let largest = 0
      for await (const chunk of stream) {
        read += chunk.length
        largest = Math.max(largest, chunk.length)
      }
      expect(read).toBe(size)
      expect(largest).toBeLessThanOrEqual(MB)
    })

    it('answers a ping', async () => {
      await blobs.ping()
    })
  })
}
