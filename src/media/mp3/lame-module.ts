import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { capMemory } from '../cap-memory.ts'

/** WebAssembly pages of 64 KB that one encoder may grow to: 32 MB; it starts with 16. */
const MAX_PAGES = 512
const require = createRequire(import.meta.url)
const WASM = require.resolve('wasm-media-encoders/wasm/mp3')

/**
 * Where LAME 3.100 gives constant bitrate its quality, `if (quality <= -1) quality = 3`, in wasm-media-encoders 0.7.0: that
 * takes no wish for it. With 5, which FFmpeg asks for, a block takes 0.85 of the time.
 */
const DEFAULT_QUALITY = Buffer.from('2000 2802 2c 417f 4c 0440 2000 4103 3602 2c'.replaceAll(' ', ''), 'hex')
const QUALITY_AT = 13
const QUALITY = 5

function setQuality(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const at = binary.indexOf(DEFAULT_QUALITY)
  if (at < 0 || binary.includes(DEFAULT_QUALITY, at + 1)) throw new Error('not the LAME that is known')
  binary.writeUInt8(QUALITY, at + QUALITY_AT)
  return binary
}

let compiled: Promise<WebAssembly.Module> | undefined

/** LAME's module: compiled at the first call (20 ms), shared by all lanes from then on. */
export function lameModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(WASM).then((binary) => WebAssembly.compile(setQuality(capMemory(binary, MAX_PAGES))))
  return compiled
}
