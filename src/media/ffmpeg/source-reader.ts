import { BROKEN, WAITING, WINDOW_HEADER } from './protocol.ts'

/**
 * The thread's side of reading: keeps one window of the source and asks for another with `ask`, blocking until
 * it is filled. Every byte of the source passes through here; there is no other way in. A read never goes beyond the
 * window: the engine takes what it gets and asks on only for what it needs.
 */
export function createSourceReader(
  size: number,
  memory: SharedArrayBuffer,
  ask: (offset: number) => void,
): (target: Uint8Array, offset: number) => number {
  const header = new Int32Array(memory, 0, 2)
  const bytes = new Uint8Array(memory, WINDOW_HEADER)
  let start = 0
  let length = 0

  const fetchFrom = (offset: number) => {
    Atomics.store(header, 0, WAITING)
    ask(offset)
    Atomics.wait(header, 0, WAITING)
    if (Atomics.load(header, 0) === BROKEN) throw new Error('the source can not be read')
    start = offset
    length = Atomics.load(header, 1)
  }

  return (target, offset) => {
    if (offset >= size) return 0
    if (offset < start || offset >= start + length) fetchFrom(offset)
    const from = offset - start
    const part = bytes.subarray(from, Math.min(length, from + target.length))
    target.set(part)
    return part.length
  }
}
