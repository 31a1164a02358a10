import { toAppError } from '../../../domain/errors.ts'
import { type BlobWriter, checkPatch } from '../../../ports/blobs.ts'

/** Where the blocks of one blob go. Calls come one after another; a block is not touched until its call has settled. */
export interface BlockStore {
  /** Bytes of every block but the last; at least PATCHABLE_HEAD. */
  readonly blockSize: number
  /** Stores block `index`, 1 or higher: block 0 is kept back for `finish`. */
  put(index: number, block: Buffer): Promise<void>
  /** Stores block 0, and makes the blob of `size` bytes visible. */
  finish(first: Buffer, size: number): Promise<void>
  /** Removes what was stored, also after a `finish` that failed. */
  discard(): Promise<void>
}

/**
 * A writer for stores that take a blob in blocks: while one block is on its way the next one fills, so three are in
 * memory at most. The first stays here until the end, because it may be patched.
 */
export function createBlockWriter(store: BlockStore): BlobWriter {
  const buffers: Buffer[] = []
  /** The first block has a buffer of its own, the others take turns in two. */
  const bufferOf = (index: number) => {
    const place = index === 0 ? 0 : 1 + (index % 2)
    buffers[place] ??= Buffer.allocUnsafe(store.blockSize)
    return buffers[place]
  }
  let index = 0
  let filled = 0
  let size = 0
  let sending: Promise<void> = Promise.resolve()
  let ended: 'committed' | 'aborted' | undefined

  /** Resolves when the block before is stored: its buffer is the next one to be filled. */
  const send = async () => {
    await sending
    if (index === 0) return
    sending = store.put(index, bufferOf(index).subarray(0, filled))
    sending.catch(() => {}) // told where it is awaited
  }

  return {
    async write(bytes) {
      for (let taken = 0; taken < bytes.length; ) {
        if (filled === store.blockSize) {
          await send()
          index += 1
          filled = 0
        }
        const part = bytes.subarray(taken, taken + store.blockSize - filled)
        bufferOf(index).set(part, filled)
        taken += part.length
        filled += part.length
        size += part.length
      }
    },
    async patch(offset, bytes) {
      checkPatch(offset, bytes.length, size)
      bufferOf(0).set(bytes, offset)
    },
    async commit() {
      if (ended) throw toAppError(new Error(`the blob is ${ended} already`))
      await send()
      await sending
      await store.finish(bufferOf(0).subarray(0, Math.min(size, store.blockSize)), size)
      ended = 'committed'
      return size
    },
    async abort() {
      if (ended) return
      ended = 'aborted'
      await sending.catch(() => {})
      await store.discard().catch(() => {}) // the sweep takes what stays; what failed before is what matters
    },
  }
}
