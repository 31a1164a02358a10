import { instantiateFloats } from './lame-floats.ts'
import type { LameModules } from './lame-modules.ts'
import { instantiateSimd } from './lame-simd.ts'
import type { Mp3Settings } from './settings.ts'

/** One stream of frames, from silence before it to its end. */
export interface Lame {
  /** Room for so many samples of each channel, interleaved; valid until the next call. */
  room(samples: number): Float32Array
  /** Encodes what lies in the room. The bytes are the caller's; they may end within a frame. */
  encode(samples: number): Uint8Array
  /** The rest of the stream, which ends with a whole frame; this encoder is used up. */
  finish(): Uint8Array
}

export type OpenLame = (settings: Mp3Settings) => Lame

/**
 * LAME in WebAssembly, in this thread: call the result for each new stream; a build is instantiated when it is needed.
 * `loudest`: the highest level that is to be encoded, 1 is full scale. Constant bitrate goes to the faster build, which
 * takes whole numbers; what does not fit into them, as decoders make it of loud music, and variable and average bitrate
 * to the one that takes floats.
 */
export function instantiateLame({
  floats,
  simd,
}: LameModules): (settings: Mp3Settings, loudest: number) => Lame {
  let [openFloats, openSimd]: (OpenLame | undefined)[] = []
  return (settings, loudest) => {
    if (settings.bitrate !== null && !settings.isAverage && loudest <= 1) {
      openSimd ??= instantiateSimd(simd)
      return openSimd(settings)
    }
    openFloats ??= instantiateFloats(floats)
    return openFloats(settings)
  }
}
