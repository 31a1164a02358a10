import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { compileCapped } from '../cap-memory.ts'
import { CORE_WASM } from './core.ts'

/** WebAssembly pages of 64 KB that one engine may grow to: 512 MB. The build itself allows 2 GB. */
const MAX_PAGES = 8192

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine's module: compiled at the first call (0.1 s), shared by all threads from then on. */
export function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= compileEngine()
  compiled.catch(() => {
    compiled = undefined // what can not be read now may be read later
  })
  return compiled
}

async function compileEngine(): Promise<WebAssembly.Module> {
  // Each function is validated when it is called first: most of the 22,209 never are, and all of them take 0.25 s of processor.
  setFlagsFromString('--wasm-lazy-validation')
  return compileCapped(await readFile(CORE_WASM), MAX_PAGES)
}
