import { readFrameHeader } from './frame-header.ts'
import type { Frame } from './unpack.ts'

/** Frames on their way from one thread to another: four buffers that change hands, instead of thousands of objects. */
export interface Parcel {
  readonly words: Uint32Array<ArrayBuffer>
  readonly sizes: Uint16Array<ArrayBuffer>
  readonly sides: Uint8Array<ArrayBuffer>
  readonly data: Uint8Array<ArrayBuffer>
}

export function wrap(frames: readonly Frame[]): Parcel {
  const join = (parts: readonly Uint8Array[]) => {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }
  return {
    words: Uint32Array.from(frames, ({ word }) => word),
    sizes: Uint16Array.from(frames, ({ data }) => data.length),
    sides: join(frames.map(({ side }) => side)),
    data: join(frames.map(({ data }) => data)),
  }
}

export function* unwrap({ words, sizes, sides, data }: Parcel): Generator<Frame> {
  let [sideAt, dataAt] = [0, 0]
  for (const [place, word] of words.entries()) {
    const sideBytes = readFrameHeader(word)?.sideBytes ?? 0
    const size = sizes[place] ?? 0
    yield {
      word,
      side: sides.subarray(sideAt, sideAt + sideBytes),
      data: data.subarray(dataAt, dataAt + size),
    }
    sideAt += sideBytes
    dataAt += size
  }
}

export const buffersOf = ({ words, sizes, sides, data }: Parcel): ArrayBuffer[] => [
  words.buffer,
  sizes.buffer,
  sides.buffer,
  data.buffer,
]
