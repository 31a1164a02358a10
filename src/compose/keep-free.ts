import { AppError } from '../domain/errors.ts'
import type { Blobs, BlobWriter } from '../ports/blobs.ts'

/** Milliseconds for which a look at the disk is good: it is asked for each block of each upload. */
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
  const look = () => {
    if (!seen || performance.now() - looked > FRESH) {
      looked = performance.now()
      seen = room()
    }
    return seen
  }
  const check = async () => {
    if ((await look()) < reserve) throw new AppError('STORAGE_FULL')
  }
  const minding = (writer: BlobWriter): BlobWriter => ({
    ...writer,
    async write(bytes) {
      await check()
      await writer.write(bytes)
    },
  })
  return {
    ...blobs,
    room: async () => (await look()) - reserve,
    async create(key, info) {
      await check()
      return minding(await blobs.create(key, info))
    },
  }
}
