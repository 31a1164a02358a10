import type { ReadableSource } from '../source/planned-source.ts'
import { BROKEN, FILLED } from './protocol.ts'

/** The other side of `createSourceReader`: gives pieces of a source to the thread when it asks. */
export function createSourceServer(
  source: ReadableSource | undefined,
  give: (piece: Uint8Array<ArrayBuffer>) => void,
) {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const state = new Int32Array(memory)

  const wake = (as: number) => {
    Atomics.store(state, 0, as)
    Atomics.notify(state, 0)
  }
  return {
    memory,
    /** Fails with what the source failed with; the thread is woken either way. */
    async fill(offset: number, spare: ArrayBuffer): Promise<void> {
      try {
        give((await source?.read(offset, spare)) ?? new Uint8Array())
        wake(FILLED)
      } catch (error) {
        wake(BROKEN)
        throw error
      }
    },
  }
}
