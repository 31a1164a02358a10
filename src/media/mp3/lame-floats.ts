import type { Lame, OpenLame } from './lame.ts'
import type { Mp3Settings } from './settings.ts'

/** What the module exports, of wasm-media-encoders 0.7.0: its own script is not needed. */
interface LameExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  _initialize(): void
  malloc(bytes: number): number
  free(pointer: number): void
  enc_init(settings: number): number
  enc_free(encoder: number): void
  /** Pointer to one pointer per channel, each to room for that many 32-bit floats. */
  enc_get_pcm(encoder: number, samples: number): number
  enc_get_out_buf(encoder: number): number
  /** Bytes that are in the output now; negative: failed. */
  enc_encode(encoder: number, samples: number): number
  enc_flush(encoder: number): number
}

/** channels, sample rate, kbit/s, quality as a float, sample rate of the result: 32 bits each */
const SETTINGS_BYTES = 20
const CONSTANT_BITRATE = -1

/** LAME as wasm-media-encoders builds it: any bitrate, floats. */
export function instantiateFloats(module: WebAssembly.Module): OpenLame {
  const { exports } = new WebAssembly.Instance(module, {
    env: { emscripten_notify_memory_growth() {} },
    wasi_snapshot_preview1: {
      proc_exit(code: number) {
        throw new Error(`LAME ended with ${code}`)
      },
    },
  })
  if (!isLame(exports)) throw new Error('not the LAME that is known')
  exports._initialize()
  return (settings) => open(exports, settings)
}

const isLame = (exports: object): exports is LameExports =>
  [
    'memory',
    '_initialize',
    'malloc',
    'free',
    'enc_init',
    'enc_free',
    'enc_get_pcm',
    'enc_get_out_buf',
    'enc_encode',
    'enc_flush',
  ].every((name) => name in exports)

function open(exports: LameExports, settings: Mp3Settings): Lame {
  const encoder = exports.enc_init(putSettings(exports, settings))
  if (encoder === 0) throw new Error('LAME does not take these settings')
  const output = (bytes: number): Uint8Array => {
    if (bytes < 0) throw new Error(`LAME failed with ${bytes}`)
    return new Uint8Array(exports.memory.buffer, exports.enc_get_out_buf(encoder), bytes).slice()
  }
  const { channels } = settings
  let all = new Float32Array()
  const divide = (samples: number) => {
    const pointers = new Uint32Array(exports.memory.buffer, exports.enc_get_pcm(encoder, samples), channels)
    for (const [channel, pointer] of pointers.entries()) {
      const part = new Float32Array(exports.memory.buffer, pointer, samples)
      for (let place = 0; place < samples; place++) part[place] = all[place * channels + channel] as number
    }
  }
  return {
    room(samples) {
      if (all.length < samples * channels) all = new Float32Array(samples * channels)
      return all.subarray(0, samples * channels)
    },
    encode(samples) {
      divide(samples)
      return output(exports.enc_encode(encoder, samples))
    },
    finish() {
      const rest = output(exports.enc_flush(encoder))
      exports.enc_free(encoder)
      return rest
    },
  }
}

function putSettings(exports: LameExports, { sampleRate, channels, bitrate, quality }: Mp3Settings): number {
  const pointer = exports.malloc(SETTINGS_BYTES)
  const view = new DataView(exports.memory.buffer, pointer, SETTINGS_BYTES)
  view.setInt32(0, channels, true)
  view.setInt32(4, sampleRate, true)
  view.setInt32(8, bitrate === null ? 0 : bitrate / 1000, true)
  view.setFloat32(12, bitrate === null ? (quality ?? 4) : CONSTANT_BITRATE, true)
  view.setInt32(16, sampleRate, true)
  return pointer
}
