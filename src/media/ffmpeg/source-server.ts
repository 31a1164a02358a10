import type { Piece, ReadableSource } from '../source/planned-source.ts'
import { BROKEN, FILLED, type ReadRequest } from './protocol.ts'

/** The other side of `createSourceReader`: gives pieces of a source to the thread when it asks. */
export function createSourceServer(source: ReadableSource | undefined, give: (piece: Piece) => void) {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const state = new Int32Array(memory)

  const wake = (as: number) => {
    Atomics.store(state, 0, as)
    Atomics.notify(state, 0)
  }
  return {
    memory,
    /** Fails with what the source failed with, unless nobody may need it; the thread is woken either way. */
    async fill({ offset, spare, isAhead }: ReadRequest): Promise<void> {
      try {
        if (source) give(await source.read(offset, spare))
        wake(FILLED)
      } catch (error) {
        wake(BROKEN)
        if (!isAhead) throw error
      }
    },
  }
}
