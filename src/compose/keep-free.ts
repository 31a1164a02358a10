import { AppError } from '../domain/errors.ts'
import type { Blobs, BlobWriter } from '../ports/blobs.ts'

/** Milliseconds for which a look at the disk is good; what is written meanwhile is counted. */
const FRESH = 250

/**
 * A store whose writers leave so many bytes of its disk free: STORAGE_FULL before it is full, as long as there is
 * something left for results and databases. The same store where it can not tell how much room it has.
 */
export function keepFree(blobs: Blobs, reserve: number): Blobs {
  const { room } = blobs
  if (!room || reserve === 0) return blobs
  let looked = Number.NEGATIVE_INFINITY
  let seen: Promise<number> | undefined
  let writtenSince = 0
  /** Bytes that are free, when so many more are written. */
  const freeAfter = async (more: number) => {
    if (!seen || performance.now() - looked > FRESH) {
      looked = performance.now()
      writtenSince = 0
      seen = room()
    }
    writtenSince += more
    return (await seen) - writtenSince
  }
  const check = async (more: number) => {
    if ((await freeAfter(more)) < reserve) throw new AppError('STORAGE_FULL')
  }
  const minding = (writer: BlobWriter): BlobWriter => ({
    ...writer,
    async write(bytes) {
      await check(bytes.length)
      await writer.write(bytes)
    },
    async abort() {
      await writer.abort()
      seen = undefined // there is room again
    },
  })
  return {
    ...blobs,
    room: async () => (await freeAfter(0)) - reserve,
    async create(key, info) {
      await check(0)
      return minding(await blobs.create(key, info))
    },
  }
}
