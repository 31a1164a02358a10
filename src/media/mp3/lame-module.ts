import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { capMemory } from '../cap-memory.ts'

/** WebAssembly pages of 64 KB that one encoder may grow to: 32 MB; it starts with 16. */
const MAX_PAGES = 512
const require = createRequire(import.meta.url)
const WASM = require.resolve('wasm-media-encoders/wasm/mp3')

let compiled: Promise<WebAssembly.Module> | undefined

/** LAME's module: compiled at the first call (20 ms), shared by all lanes from then on. */
export function lameModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(WASM).then((binary) => WebAssembly.compile(capMemory(binary, MAX_PAGES)))
  return compiled
}
