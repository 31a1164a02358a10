import type { ReadableSource } from '../source/planned-source.ts'
import { LONGEST_READ } from '../source/reading-plan.ts'
import { BROKEN, FILLED, WINDOW_HEADER } from './protocol.ts'

/** The other side of `createSourceReader`: fills the window from a source when the thread asks. */
export function createSourceServer(source: ReadableSource | undefined) {
  const memory = new SharedArrayBuffer(WINDOW_HEADER + LONGEST_READ)
  const header = new Int32Array(memory, 0, 2)
  const window = new Uint8Array(memory, WINDOW_HEADER)

  const wake = (state: number) => {
    Atomics.store(header, 0, state)
    Atomics.notify(header, 0)
  }
  return {
    memory,
    /** Fails with what the source failed with; the thread is woken either way. */
    async fill(offset: number): Promise<void> {
      try {
        const bytes = (await source?.read(offset)) ?? new Uint8Array()
        window.set(bytes)
        Atomics.store(header, 1, bytes.length)
        wake(FILLED)
      } catch (error) {
        wake(BROKEN)
        throw error
      }
    },
  }
}
