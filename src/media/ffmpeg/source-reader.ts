import { BROKEN, WAITING } from './protocol.ts'

/**
 * The thread's side of reading: keeps one piece of the source and asks for another with `ask`, blocking until there is
 * one to `take`. Every byte of the source passes through here; there is no other way in. A read never goes beyond the
 * piece: the engine takes what it gets and asks on only for what it needs.
 */
export function createSourceReader(
  size: number,
  memory: SharedArrayBuffer,
  ask: (offset: number, spare: ArrayBuffer) => void,
  take: () => Uint8Array<ArrayBuffer>,
): (target: Uint8Array, offset: number) => number {
  const state = new Int32Array(memory)
  let start = 0
  let piece = new Uint8Array()

  const fetchFrom = (offset: number) => {
    Atomics.store(state, 0, WAITING)
    ask(offset, piece.buffer)
    piece = new Uint8Array()
    Atomics.wait(state, 0, WAITING)
    if (Atomics.load(state, 0) === BROKEN) throw new Error('the source can not be read')
    start = offset
    piece = take()
  }

  return (target, offset) => {
    if (offset >= size) return 0
    if (offset < start || offset >= start + piece.length) fetchFrom(offset)
    const from = offset - start
    const part = piece.subarray(from, from + target.length)
    target.set(part)
    return part.length
  }
}
