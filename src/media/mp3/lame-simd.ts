import type { Lame, OpenLame } from './lame.ts'
import type { Mp3Settings } from './settings.ts'

/** Node's types know no WebAssembly.Memory. */
interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** What the module exports, of @mediabunny/mp3-encoder 1.61.0, whose names for it are letters. */
interface Exports {
  readonly e: Memory
  /** What is to be done before all else. */
  f(): void
  /** Number of channels, Hz, bit/s. */
  g(channels: number, sampleRate: number, bitrate: number): number
  /** Encoder, left and right 16-bit samples, how many of each, room for bytes and its size; how many there are, negative: failed. */
  h(encoder: number, left: number, right: number, samples: number, bytes: number, size: number): number
  /** The rest. */
  i(encoder: number, bytes: number, size: number): number
  /** Frees the encoder. */
  j(encoder: number): void
  k(pointer: number): void
  l(bytes: number): number
}

const PAGE = 65_536
/** Full scale of 16 bits, as LAME itself scales floats. */
const FULL = 32_767
/** The most bytes that samples can give, as LAME's documentation says, and what it may hold back. */
const outputSize = (samples: number) => Math.ceil(1.25 * samples) + 7200

/** LAME as @mediabunny/mp3-encoder builds it: SIMD, constant bitrate, 16-bit samples. */
export async function instantiateSimd(module: WebAssembly.Module): Promise<OpenLame> {
  let exports: Exports | undefined
  const refuse = () => {
    throw new Error('LAME tried to leave its room')
  }
  const resize = (size: number) => {
    const { e: memory } = exports ?? refuse()
    return Number(grow(memory, size - memory.buffer.byteLength))
  }
  const instance = await WebAssembly.instantiate(module, {
    a: { a: refuse, b: refuse, c: resize, d: refuse },
  })
  if (!isLame(instance.exports)) throw new Error('not the LAME that is known')
  exports = instance.exports
  exports.f()
  const lame = exports
  return (settings) => open(lame, settings)
}

const isLame = (exports: object): exports is Exports => [...'efghijkl'].every((name) => name in exports)

/** True when there was room. */
function grow(memory: Memory, bytes: number): boolean {
  try {
    memory.grow(Math.ceil(bytes / PAGE))
    return true
  } catch {
    return false
  }
}

function open(lame: Exports, { channels, sampleRate, bitrate }: Mp3Settings): Lame {
  const encoder = lame.g(channels, sampleRate, bitrate ?? 0)
  const held: number[] = []
  const hold = (bytes: number) => {
    const pointer = lame.l(bytes)
    if (encoder === 0 || pointer === 0) throw new Error('LAME has no memory left')
    held.push(pointer)
    return pointer
  }
  let parts: Float32Array[] = []
  let [pointers, output, size]: [number[], number, number] = [[], 0, 0]

  const prepare = (samples: number) => {
    for (const pointer of held.splice(0)) lame.k(pointer)
    parts = Array.from({ length: channels }, () => new Float32Array(samples))
    pointers = parts.map(() => hold(2 * samples))
    size = outputSize(samples)
    output = hold(size)
  }
  const taken = (bytes: number): Uint8Array => {
    if (bytes < 0) throw new Error(`LAME failed with ${bytes}`)
    return new Uint8Array(lame.e.buffer, output, bytes).slice()
  }
  return {
    room(samples) {
      if (parts[0]?.length !== samples) prepare(samples)
      return parts
    },
    encode(samples) {
      for (const [channel, part] of parts.entries())
        toWhole(part, new Int16Array(lame.e.buffer, pointers[channel], samples))
      const [left = 0, right = left] = pointers
      return taken(lame.h(encoder, left, right, samples, output, size))
    },
    finish() {
      if (held.length === 0) prepare(0)
      const rest = taken(lame.i(encoder, output, size))
      for (const pointer of held.splice(0)) lame.k(pointer)
      lame.j(encoder)
      return rest
    },
  }
}

/** Rounds: what is cut off behind the point lies above zero. All are numbers, as `tame` leaves them, and none is above full scale. */
function toWhole(floats: Float32Array, whole: Int16Array): void {
  for (let place = 0; place < whole.length; place++)
    whole[place] = (((floats[place] as number) * FULL + (FULL + 1.5)) | 0) - (FULL + 1)
}
