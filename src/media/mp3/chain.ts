import { crc16 } from './crc16.ts'
import { HEADER_BYTES, readFrameHeader } from './frame-header.ts'
import { createSeekTable } from './seek-table.ts'
import { mainDataBegin, mainDataBytes } from './side-info.ts'

/**
 * Reads frames anew after they were laid, as a decoder would: each begins where the last one ends, and each one's main
 * data lies behind the data before it and within what was read so far. Counts what the tag tells on the way.
 */
export function createChain() {
  const seek = createSeekTable()
  let frames = 0
  let bytes = 0
  let crc = 0
  let areaEnd = 0
  let dataEnd = 0

  return {
    /** The next frames, whole ones; fails when they can not follow. */
    append(part: Uint8Array): void {
      const view = new DataView(part.buffer, part.byteOffset, part.length)
      for (let at = 0; at < part.length; ) {
        const header = part.length - at < HEADER_BYTES ? undefined : readFrameHeader(view.getUint32(at))
        if (!header || at + header.size > part.length) throw new Error(`no frame after ${frames} frames`)
        const sideStart = at + HEADER_BYTES + header.crcBytes
        const sideEnd = sideStart + header.sideBytes
        const side = part.subarray(sideStart, sideEnd)
        const start = areaEnd - mainDataBegin(side, header)
        areaEnd += at + header.size - sideEnd
        const end = start + mainDataBytes(side, header)
        if (start < dataEnd || end > areaEnd)
          throw new Error(`main data of frame ${frames} is not where it is told`)
        dataEnd = end
        seek.add(bytes + at)
        frames++
        at += header.size
      }
      crc = crc16(part, crc)
      bytes += part.length
    },
    get frames() {
      return frames
    },
    get bytes() {
      return bytes
    },
    get crc() {
      return crc
    },
    /** As `toc` of a seek table, behind a tag of `tagBytes`. */
    toc: (tagBytes: number) => seek.toc(bytes + tagBytes, tagBytes),
  }
}
