import { frameSize, HEADER_BYTES, LAST_BITRATE, readFrameHeader, withBitrate } from './frame-header.ts'
import { reservoirLimit, setMainDataBegin } from './side-info.ts'
import type { Frame } from './unpack.ts'

/** Room that is kept for frames that still wait for main data of later ones. */
const START = 256 * 1024

/** Where the main data area of a frame lies: in the stream of all areas, and in the bytes that were not taken yet. */
interface Area {
  readonly start: number
  readonly end: number
  readonly at: number
}

/** The bytes of frames that are laid, and where in them the stream of all areas runs: its places count from its start. */
function createRoom() {
  let bytes = new Uint8Array(START)
  let filled = 0
  let areas: Area[] = []
  let end = 0

  const grow = (size: number) => {
    if (filled + size <= bytes.length) return
    const larger = new Uint8Array(2 * (bytes.length + size))
    larger.set(bytes)
    bytes = larger
  }

  return {
    /** Where the last area ends. */
    get end() {
      return end
    },

    /** Adds a frame of `size` bytes, all 0; the first `head` of them, before its area, are returned to be written. */
    add(size: number, head: number): Uint8Array {
      grow(size)
      areas.push({ start: end, end: end + size - head, at: filled + head })
      const written = bytes.subarray(filled, filled + head)
      filled += size
      end += size - head
      return written
    },

    /** Writes main data into the areas from `start` on. */
    place(data: Uint8Array, start: number): void {
      const dataEnd = start + data.length
      for (let index = areas.length - 1; index >= 0; index--) {
        const area = areas[index]
        if (!area) break
        const from = Math.max(start, area.start)
        const to = Math.min(dataEnd, area.end)
        if (to > from) bytes.set(data.subarray(from - start, to - start), area.at + from - area.start)
        if (area.start <= start) break
      }
    },

    /** Takes out the frames whose areas end at `safe` or before; the bytes are the caller's. */
    take(safe: number): Uint8Array {
      const done = areas.findLastIndex((area) => area.end <= safe)
      const whole = areas[done]
      if (!whole) return new Uint8Array()
      const size = whole.at + whole.end - whole.start
      const taken = bytes.slice(0, size)
      bytes.copyWithin(0, size, filled)
      bytes.fill(0, filled - size, filled)
      filled -= size
      areas = areas.slice(done + 1).map((area) => ({ ...area, at: area.at - size }))
      return taken
    },
  }
}

/**
 * Lays frames of several encoders into one bit reservoir. A frame's main data begins as early as it may: behind the
 * data before it, at most 511 bytes (MPEG-2: 255) before its own area (ISO 11172-3, 2.4.2.7). Where the reservoir of
 * the encoder was fuller than this one, the frame gets the next bitrate that holds its data; those are counted.
 */
export function createPacker() {
  const room = createRoom()
  let dataEnd = 0
  let frames = 0
  let bumped = 0

  return {
    /** Adds the next frame; fails when no bitrate holds its data. Frames with a CRC are not taken. */
    add({ word, side, data }: Frame): void {
      const header = readFrameHeader(word)
      if (!header || header.crcBytes > 0) throw new Error('not a frame that can be laid anew')
      const areaStart = room.end
      const start = Math.max(dataEnd, areaStart - reservoirLimit(header.isMpeg1))
      const end = start + data.length
      const head = HEADER_BYTES + header.sideBytes
      const needed = head + end - areaStart
      let index = header.bitrateIndex
      while (frameSize(header, index) < needed && index < LAST_BITRATE) index++
      const size = frameSize(header, index)
      if (size < needed) throw new Error(`frame ${frames} does not fit`)
      const written = room.add(size, head)
      new DataView(written.buffer, written.byteOffset).setUint32(0, withBitrate(word, index))
      const ownSide = written.subarray(HEADER_BYTES)
      ownSide.set(side)
      setMainDataBegin(ownSide, header, areaStart - start)
      room.place(data, start)
      dataEnd = end
      frames++
      if (index !== header.bitrateIndex) bumped++
    },

    /** The bytes of all frames that no later one can reach into; with `all`, of those too. They are the caller's. */
    take: (all = false): Uint8Array =>
      room.take(all ? room.end : Math.max(dataEnd, room.end - reservoirLimit(true))),
    get frames() {
      return frames
    },
    /** Frames whose bitrate was raised. */
    get bumped() {
      return bumped
    },
  }
}
