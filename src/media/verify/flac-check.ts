import type { ContainerCheck } from './container-check.ts'

/** Reads STREAMINFO (RFC 9639, 8.2) of the finished file: its sample count is written when all frames are. */
export function flacCheck(): ContainerCheck {
  return {
    append() {},
    end(head) {
      const view = Buffer.from(head.buffer, head.byteOffset, head.length)
      if (view.toString('latin1', 0, 4) !== 'fLaC') throw new Error('no FLAC marker')
      const packed = view.readBigUInt64BE(18)
      const samples = Number(packed & 0xfffffffffn)
      if (samples === 0) throw new Error('the sample count is missing')
      return { samples, sampleRate: Number(packed >> 44n) }
    },
  }
}
