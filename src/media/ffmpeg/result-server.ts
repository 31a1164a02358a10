import type { Sink } from '../source/sink.ts'
import { CREDIT } from './protocol.ts'

/** The other side of the thread's result: hands blocks to the sink one after another, and credit back to the thread. */
export function createResultServer(sink: Sink | undefined) {
  const memory = new SharedArrayBuffer(4)
  const credit = new Int32Array(memory)
  credit[0] = CREDIT
  let last = Promise.resolve()

  const put = (write: () => Promise<void> | undefined): Promise<void> => {
    last = last.then(write).then(() => {
      Atomics.add(credit, 0, 1)
      Atomics.notify(credit, 0)
    })
    return last
  }
  return {
    memory,
    append: (bytes: Uint8Array) => put(() => sink?.write(bytes)),
    patch: (offset: number, bytes: Uint8Array) => put(() => sink?.patch(offset, bytes)),
    /** Settles when all that was put so far is with the sink. */
    settled: () => last,
  }
}
