import { type FrameHeader, HEADER_BYTES, readFrameHeader } from '../mp3/frame-header.ts'
import { ByteQueue } from './byte-queue.ts'
import type { ContainerCheck, Counted } from './container-check.ts'

/** Walks the frames of an MP3 by their sizes; a sync word inside main data can not mislead it. */
export function mp3Check(): ContainerCheck {
  const queue = new ByteQueue()
  let frames = 0
  let tag: FrameHeader | undefined
  let last: FrameHeader | undefined
  let started = false
  let id3 = 0

  const skipId3 = (): boolean => {
    const view = queue.peek(10)
    if (!view) return false
    started = true
    if (view.getUint32(0) >>> 8 !== 0x494433) return true
    id3 = 10 + [6, 7, 8, 9].reduce((size, place) => size * 128 + (view.getUint8(place) & 0x7f), 0)
    queue.skip(id3)
    return true
  }

  return {
    append(bytes) {
      queue.append(bytes)
      if (!started && !skipId3()) return
      for (let view = queue.peek(4); view; view = queue.peek(4)) {
        const header = readFrameHeader(view.getUint32(0))
        if (!header) throw new Error(`no frame header after ${frames} frames`)
        if (!last && !tag && !queue.peek(sideEnd(header) + 4)) return
        if (!last && !tag && isTag(queue, header)) tag = header
        else {
          frames++
          last = header
        }
        queue.skip(header.size)
      }
    },
    end(head): Counted {
      if (!last) throw new Error('no frame')
      if (!queue.isEmpty) throw new Error('the last frame is cut off')
      const { delay, padding } = tag ? readGap(head, id3 + sideEnd(tag)) : { delay: 0, padding: 0 }
      return { samples: frames * last.samples - delay - padding, sampleRate: last.sampleRate }
    },
  }
}

/** Where the main data of a frame begins, or its tag. */
const sideEnd = ({ crcBytes, sideBytes }: FrameHeader) => HEADER_BYTES + crcBytes + sideBytes

/** The first frame holds no sound when `Xing` or `Info` stands behind its side information. */
function isTag(queue: ByteQueue, header: FrameHeader): boolean {
  const name = queue.peek(sideEnd(header) + 4)?.getUint32(sideEnd(header))
  return name === 0x58696e67 || name === 0x496e666f
}

/** Delay and padding in samples, 21 bytes into the encoder's part of the tag, which lies 120 bytes into the tag. */
function readGap(head: Uint8Array, tagStart: number): { delay: number; padding: number } {
  const [high = 0, middle = 0, low = 0] = head.subarray(tagStart + 141, tagStart + 144)
  return { delay: (high << 4) | (middle >> 4), padding: ((middle & 15) << 8) | low }
}
