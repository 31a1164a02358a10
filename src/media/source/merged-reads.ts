import type { MergedFile } from './mp4/merge-file.ts'
import type { Piece, ReadableSource } from './planned-source.ts'
import type { Range } from './ranges.ts'
import { LONGEST_READ } from './reading-plan.ts'

export type Read = ReadableSource['read']

/**
 * Reads of what is told in place of a source of `size` bytes, which has its index at `place`: the other index there, and
 * behind the end the sound, gathered out of what `read` brings.
 */
export function mergedReads(
  { index, header, strip }: MergedFile,
  { place, size, read }: { readonly place: Range; readonly size: number; readonly read: Read },
): Read {
  const begin = size + header.length
  const gather: Read = async (offset, spare) => {
    const [first] = strip.from(offset)
    if (!first) return whole(new Uint8Array())
    const { bytes, goesOn } = await read(first.start, spare)
    let length = 0
    for (const { start, end } of strip.from(offset)) {
      const from = start - first.start
      // Another track may lie before.
      if (from < 0 || from >= bytes.length) break
      bytes.copyWithin(length, from, end - first.start)
      length += Math.min(bytes.length, end - first.start) - from
    }
    return { bytes: bytes.subarray(0, length), goesOn }
  }
  return async (offset, spare) => {
    if (offset >= begin) return gather(offset - begin, spare)
    if (offset >= size) return whole(new Uint8Array(header.subarray(offset - size)))
    if (offset >= place.end) return read(offset, spare)
    if (offset < place.start)
      return whole((await read(offset, spare)).bytes.subarray(0, place.start - offset))
    const told = index.subarray(offset - place.start, offset - place.start + LONGEST_READ)
    // Behind it nothing is looked at.
    return whole(
      told.length > 0 ? new Uint8Array(told) : new Uint8Array(Math.min(LONGEST_READ, place.end - offset)),
    )
  }
}

/** Something else follows. */
const whole = (bytes: Uint8Array<ArrayBuffer>): Piece => ({ bytes, goesOn: false })
