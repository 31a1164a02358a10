import { letGo } from '../source/buffers.ts'
import type { Piece } from '../source/planned-source.ts'
import { BROKEN, type ReadRequest, WAITING } from './protocol.ts'

/** The source as a run of the engine reads it. */
export interface SourceReader {
  /** Puts bytes from `offset` on into `target` and returns how many; 0 is the end. */
  read(target: Uint8Array, offset: number): number
  /** The run has ended: what is on its way is waited for, and nothing of what was read is there for the next one. */
  forget(): void
}

/**
 * The thread's side of reading: keeps one piece of the source and asks for another with `ask`, blocking until there is
 * one to `take`. The one behind it is asked for at once where it is likely to be needed. Every byte of the source passes
 * through here; there is no other way in. A read never goes beyond the piece: the engine takes what it gets and asks on
 * only for what it needs.
 */
export function createSourceReader(
  size: number,
  memory: SharedArrayBuffer,
  ask: (request: ReadRequest) => void,
  take: () => Piece | undefined,
): SourceReader {
  const state = new Int32Array(memory)
  let start = 0
  let bytes = new Uint8Array()
  /** Where the piece begins that is on its way. */
  let asked: number | undefined

  const send = (offset: number, spare: ArrayBuffer, isAhead: boolean) => {
    Atomics.store(state, 0, WAITING)
    asked = offset
    ask({ offset, spare, isAhead })
  }
  /** Waits for what was asked for; undefined when it can not be read. */
  const receive = (): Piece | undefined => {
    Atomics.wait(state, 0, WAITING)
    asked = undefined
    return Atomics.load(state, 0) === BROKEN ? undefined : take()
  }
  const fetchFrom = (offset: number) => {
    let spare = bytes.buffer
    let [from, piece] = asked === undefined ? [offset] : [asked, receive()]
    if (!piece || offset < from || offset >= from + piece.bytes.length) {
      send(offset, spare, false)
      spare = piece?.bytes.buffer ?? new ArrayBuffer()
      ;[from, piece] = [offset, receive()]
    }
    if (!piece) throw new Error('the source can not be read')
    start = from
    bytes = piece.bytes
    if (piece.goesOn) send(start + bytes.length, spare, true)
  }

  return {
    read(target, offset) {
      if (offset >= size) return 0
      if (offset < start || offset >= start + bytes.length) fetchFrom(offset)
      const from = offset - start
      const part = bytes.subarray(from, from + target.length)
      target.set(part)
      return part.length
    },
    forget() {
      const late = asked === undefined ? undefined : receive()
      if (late) letGo(late.bytes)
      letGo(bytes)
      bytes = new Uint8Array()
    },
  }
}
