import { readFile } from 'node:fs/promises'
import { compileCapped } from '../cap-memory.ts'
import { CORE_WASM } from './core.ts'

/** WebAssembly pages of 64 KB that one engine may grow to: 512 MB. The build itself allows 2 GB. */
const MAX_PAGES = 8192

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine's module: compiled at the first call (0.1 to 0.4 s), shared by all threads from then on. */
export function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(CORE_WASM).then((binary) => compileCapped(binary, MAX_PAGES))
  compiled.catch(() => {
    compiled = undefined // what can not be read now may be read later
  })
  return compiled
}
