import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRangeSource } from './range-source.ts'

const BYTES = Uint8Array.from({ length: 10_000 }, (_, place) => (place * 31 + (place >> 8)) & 255)

/** A blob that comes in uneven chunks; `size` is what is said of it. */
const sourceOf = (size: number) =>
  createRangeSource({
    size,
    read: async ({ offset, length }) => {
      const range = BYTES.slice(offset, offset + length)
      const middle = Math.floor(range.length / 3)
      return Readable.from([range.slice(0, middle), range.slice(middle)])
    },
  })

describe('createRangeSource', () => {
  it('gives the bytes of any range, cut at the end of the source', async () => {
    const source = sourceOf(BYTES.length)
    await fc.assert(
      fc.asyncProperty(fc.nat(11_000), fc.nat(3000), async (offset, length) => {
        const read = await source.read(offset, length)
        expect(Buffer.compare(read, BYTES.subarray(offset, offset + length))).toBe(0)
      }),
    )
  })

  it('names a blob that is shorter than its file BLOB_CORRUPT', async () => {
    await expect(sourceOf(20_000).read(9_000, 5_000)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' })
  })

  it('ends a read that hangs when it is closed', async () => {
    const source = createRangeSource({ size: 1000, read: async () => new Readable({ read() {} }) })
    const failed = expect(source.read(0, 10)).rejects.toThrow()
    await new Promise((resolve) => setImmediate(resolve))
    await source.close()
    await failed
  })
})
