import { BROKEN, WAITING, WINDOW, WINDOW_HEADER } from './protocol.ts'

/** Bytes of the first read after a jump; each read that goes on from there asks for twice as many. */
const FIRST = 64 * 1024

/**
 * The thread's side of reading: keeps one window of the source and asks for another with `ask`, blocking until
 * it is filled. Every byte of the source passes through here; there is no other way in.
 */
export function createSourceReader(
  size: number,
  memory: SharedArrayBuffer,
  ask: (offset: number, length: number) => void,
): (target: Uint8Array, offset: number) => number {
  const header = new Int32Array(memory, 0, 2)
  const bytes = new Uint8Array(memory, WINDOW_HEADER)
  let start = 0
  let length = 0
  let next = FIRST

  const fetchFrom = (offset: number) => {
    next = offset === start + length && length > 0 ? Math.min(WINDOW, next * 2) : FIRST
    Atomics.store(header, 0, WAITING)
    ask(offset, Math.min(next, size - offset))
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
