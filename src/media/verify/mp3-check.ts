import { ByteQueue } from './byte-queue.ts'
import type { ContainerCheck, Counted } from './container-check.ts'

/** ISO 11172-3 and 13818-3, layer III: kbit/s by index, for MPEG-1 and for MPEG-2 and 2.5. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const SAMPLE_RATES = [44_100, 48_000, 32_000]

interface FrameHeader {
  /** Bytes of the whole frame. */
  readonly size: number
  readonly sampleRate: number
  /** Samples per channel. */
  readonly samples: number
  /** Bytes of header and side information. */
  readonly sideEnd: number
}

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
        if (!last && !tag && !queue.peek(header.sideEnd + 4)) return
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
      const { delay, padding } = tag ? readGap(head, id3 + tag.sideEnd) : { delay: 0, padding: 0 }
      return { samples: frames * last.samples - delay - padding, sampleRate: last.sampleRate }
    },
  }
}

function readFrameHeader(word: number): FrameHeader | undefined {
  const version = (word >>> 19) & 3
  const layer = (word >>> 17) & 3
  const rate = SAMPLE_RATES[(word >>> 10) & 3]
  const kilobits = (version === 3 ? BITRATES_1 : BITRATES_2)[(word >>> 12) & 15]
  if (word >>> 21 !== 0x7ff || version === 1 || layer !== 1 || !rate || !kilobits) return undefined
  const sampleRate = rate / (version === 3 ? 1 : version === 2 ? 2 : 4)
  const samples = version === 3 ? 1152 : 576
  const isMono = ((word >>> 6) & 3) === 3
  const side = version === 3 ? (isMono ? 17 : 32) : isMono ? 9 : 17
  const size = Math.floor((samples * kilobits * 125) / sampleRate) + ((word >>> 9) & 1)
  return { size, sampleRate, samples, sideEnd: 4 + side }
}

/** The first frame holds no sound when `Xing` or `Info` stands behind its side information. */
function isTag(queue: ByteQueue, header: FrameHeader): boolean {
  const name = queue.peek(header.sideEnd + 4)?.getUint32(header.sideEnd)
  return name === 0x58696e67 || name === 0x496e666f
}

/** Delay and padding in samples, 21 bytes into the encoder's part of the tag, which lies 120 bytes into the tag. */
function readGap(head: Uint8Array, tagStart: number): { delay: number; padding: number } {
  const [high = 0, middle = 0, low = 0] = head.subarray(tagStart + 141, tagStart + 144)
  return { delay: (high << 4) | (middle >> 4), padding: ((middle & 15) << 8) | low }
}
