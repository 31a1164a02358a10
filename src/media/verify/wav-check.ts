import type { ContainerCheck } from './container-check.ts'

const UNKNOWN = 0xffffffff

/** Reads the chunks of a RIFF or RF64 file and holds the size of `data` against the bytes that came. */
export function wavCheck(): ContainerCheck {
  let size = 0
  return {
    append(bytes) {
      size += bytes.length
    },
    end(head) {
      const view = Buffer.from(head.buffer, head.byteOffset, head.length)
      let sampleRate = 0
      let frameBytes = 0
      let large = 0
      for (let at = 12; at + 8 <= view.length; ) {
        const name = view.toString('latin1', at, at + 4)
        const length = view.readUInt32LE(at + 4)
        if (name === 'ds64') large = Number(view.readBigUInt64LE(at + 16))
        if (name === 'fmt ') {
          sampleRate = view.readUInt32LE(at + 12)
          frameBytes = view.readUInt16LE(at + 20)
        }
        if (name === 'data') {
          const told = length === UNKNOWN ? large : length
          const there = size - at - 8
          if (frameBytes === 0 || told > there)
            throw new Error(`${told} bytes of sound are told, ${there} are there`)
          return { samples: told / frameBytes, sampleRate }
        }
        at += 8 + length + (length % 2)
      }
      throw new Error('no data chunk')
    },
  }
}
