import type { ByteSource } from '../source/byte-source.ts'
import { BROKEN, FILLED, WINDOW, WINDOW_HEADER } from './protocol.ts'

/** The other side of `createSourceReader`: fills the window from a source when the thread asks. */
export function createSourceServer(source: ByteSource | undefined) {
  const memory = new SharedArrayBuffer(WINDOW_HEADER + WINDOW)
  const header = new Int32Array(memory, 0, 2)
  const window = new Uint8Array(memory, WINDOW_HEADER)
  let bytesRead = 0

  const wake = (state: number) => {
    Atomics.store(header, 0, state)
    Atomics.notify(header, 0)
  }
  return {
    memory,
    get bytesRead() {
      return bytesRead
    },
    /** Fails with what the source failed with; the thread is woken either way. */
    async fill(offset: number, length: number): Promise<void> {
      try {
        const bytes = (await source?.read(offset, length)) ?? new Uint8Array()
        window.set(bytes)
        bytesRead += bytes.length
        Atomics.store(header, 1, bytes.length)
        wake(FILLED)
      } catch (error) {
        wake(BROKEN)
        throw error
      }
    },
  }
}
