import type { Lame, OpenLame } from './lame.ts'
import type { Mp3Settings } from './settings.ts'

/** What the module exports, of @mediabunny/mp3-encoder 1.61.0, whose names for it are letters. */
interface Exports {
  readonly e: WebAssembly.Memory
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
  /** Ours: how much room our kernels need for themselves, see `assembly/room.ts`. */
  roomBytes(): number
  /** Ours: so many floats to 16-bit samples. */
  toWhole(from: number, to: number, count: number): void
  /** Ours: of two channels, one behind the other, each to its own. */
  toWholePair(from: number, left: number, right: number, count: number): void
}

const PAGE = 65_536
/** The most bytes that samples can give, as LAME's documentation says, and what it may hold back. */
const outputSize = (samples: number) => Math.ceil(1.25 * samples) + 7200

/** Where our kernels look for the address of their room. */
const ROOM_ADDRESS = 16

/** LAME as @mediabunny/mp3-encoder builds it, with our kernels: SIMD, constant bitrate, 16-bit samples. */
export function instantiateSimd(module: WebAssembly.Module): OpenLame {
  let exports: Exports | undefined
  const refuse = () => {
    throw new Error('LAME tried to leave its room')
  }
  const resize = (size: number) => {
    const { e: memory } = exports ?? refuse()
    return Number(grow(memory, size - memory.buffer.byteLength))
  }
  const instance = new WebAssembly.Instance(module, { a: { a: refuse, b: refuse, c: resize, d: refuse } })
  if (!isLame(instance.exports)) throw new Error('not the LAME that is known')
  exports = instance.exports
  exports.f()
  const lame = exports
  const room = lame.l(lame.roomBytes())
  if (room === 0) throw new Error('LAME has no memory left')
  new Uint32Array(lame.e.buffer)[ROOM_ADDRESS / 4] = room
  new Uint32Array(lame.e.buffer)[room / 4] = 0 // its tables are not made yet
  return (settings) => {
    new Uint32Array(lame.e.buffer)[room / 4 + 1] = 0 // the weights are another encoder's
    return open(lame, settings)
  }
}

const isLame = (exports: object): exports is Exports =>
  [...'efghijkl', 'roomBytes', 'toWhole', 'toWholePair'].every((name) => name in exports)

/** True when there was room. */
function grow(memory: WebAssembly.Memory, bytes: number): boolean {
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
  let [floats, left, right, output] = [0, 0, 0, 0]
  let [most, size] = [-1, 0]

  const prepare = (samples: number) => {
    for (const pointer of held.splice(0)) lame.k(pointer)
    floats = hold(4 * samples * channels)
    left = hold(2 * samples)
    right = channels === 2 ? hold(2 * samples) : left
    most = samples
    size = outputSize(samples)
    output = hold(size)
  }
  const taken = (bytes: number): Uint8Array => {
    if (bytes < 0) throw new Error(`LAME failed with ${bytes}`)
    return new Uint8Array(lame.e.buffer, output, bytes).slice()
  }
  return {
    room(samples) {
      if (samples > most) prepare(samples)
      return new Float32Array(lame.e.buffer, floats, samples * channels)
    },
    encode(samples) {
      if (channels === 2) lame.toWholePair(floats, left, right, samples)
      else lame.toWhole(floats, left, samples)
      return taken(lame.h(encoder, left, right, samples, output, size))
    },
    finish() {
      if (most < 0) prepare(0)
      const rest = taken(lame.i(encoder, output, size))
      for (const pointer of held.splice(0)) lame.k(pointer)
      lame.j(encoder)
      return rest
    },
  }
}
