import { ByteQueue } from './byte-queue.ts'
import type { ContainerCheck } from './container-check.ts'

const OGGS = 0x4f676753
const PAGE_HEADER = 27
/** RFC 7845: granule positions of Opus count 48 kHz samples, whatever the source had. */
const OPUS_RATE = 48_000

/** Walks the pages of an Ogg stream (RFC 3533): the last granule position is its length. */
export function oggCheck(): ContainerCheck {
  const queue = new ByteQueue()
  let granule = 0n
  let ended = false

  return {
    append(bytes) {
      queue.append(bytes)
      for (let fixed = queue.peek(PAGE_HEADER); fixed; fixed = queue.peek(PAGE_HEADER)) {
        if (fixed.getUint32(0) !== OGGS) throw new Error('a page does not begin where the last one ends')
        const segments = fixed.getUint8(26)
        const whole = queue.peek(PAGE_HEADER + segments)
        if (!whole) return
        let size = PAGE_HEADER + segments
        for (let place = PAGE_HEADER; place < PAGE_HEADER + segments; place++) size += whole.getUint8(place)
        const position = whole.getBigInt64(6, true)
        if (position >= 0n) granule = position
        ended = (whole.getUint8(5) & 4) !== 0
        queue.skip(size)
      }
    },
    end(head) {
      if (!queue.isEmpty || !ended) throw new Error('the last page is missing')
      const first = Buffer.from(head.buffer, head.byteOffset, head.length)
      const packet = PAGE_HEADER + first.readUInt8(26)
      const name = first.toString('latin1', packet, packet + 8)
      if (name === 'OpusHead')
        return { samples: Number(granule) - first.readUInt16LE(packet + 10), sampleRate: OPUS_RATE }
      if (name.startsWith('\x01vorbis'))
        return { samples: Number(granule), sampleRate: first.readUInt32LE(packet + 12) }
      throw new Error('neither Opus nor Vorbis')
    },
  }
}
