/** Bytes of the header of a box of less than 4 GB (ISO 14496-12, 4.2); the engine's fragments have no other. */
export const HEADER = 8

/** Who gets boxes as they come. */
export interface BoxTaker {
  /** Types of those that are wanted as a whole. */
  readonly whole: readonly string[]
  /** One of these, with its header; it began at `at`. */
  onBox(type: string, bytes: Buffer, at: number): void
  /** Some contents of another. */
  onContents(type: string, bytes: Uint8Array): void
}

/**
 * Takes boxes apart as they are written, in pieces of any length. The size of a box may be written when all of it is: it
 * is 0 until then. Returns what takes the next piece, and where it is written.
 */
export function takeBoxes({
  whole,
  onBox,
  onContents,
}: BoxTaker): (bytes: Uint8Array, position: number) => void {
  /** Bytes that were not passed on, from the beginning of a box, and where they end. */
  let held = Buffer.alloc(0)
  let end = 0
  let type = ''
  /** Bytes to come of a box that is passed on. */
  let passing = 0

  const pass = (bytes: Uint8Array) => {
    const some = bytes.subarray(0, passing)
    passing -= some.length
    if (some.length > 0) onContents(type, some)
    return some.length
  }
  /** Takes a box off what is held, or its header where it is passed on; false where that is to come. */
  const takeNext = (): boolean => {
    if (held.length < HEADER) return false
    const size = held.readUInt32BE(0)
    if (size === 0) return false
    if (size < HEADER) throw new Error(`a box of the result has ${size} bytes`)
    type = held.toString('latin1', 4, HEADER)
    const isWhole = whole.includes(type)
    if (isWhole && held.length < size) return false
    if (isWhole) onBox(type, held.subarray(0, size), end - held.length)
    else passing = size - HEADER
    held = held.subarray(isWhole ? size : HEADER)
    held = held.subarray(pass(held))
    return true
  }
  return (bytes, position) => {
    const over = end - position
    if (over > held.length || over < 0) throw new Error('the result is not written in order')
    held.set(bytes.subarray(0, over), held.length - over)
    const added = bytes.subarray(over)
    end += added.length
    const passed = pass(added)
    if (passed < added.length) held = Buffer.concat([held, added.subarray(passed)])
    while (takeNext());
  }
}
