import { readFile } from 'node:fs/promises'
import { compileAndFree, importMemory } from '../cap-memory.ts'
import { CORE_MEMORY, CORE_WASM } from './core.ts'

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine's module: compiled at the first call (0.1 to 0.4 s), shared by all threads from then on. */
export function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(CORE_WASM).then((binary) => {
    const module = importMemory(binary, CORE_MEMORY)
    binary.buffer.transfer(0)
    return compileAndFree(module)
  })
  compiled.catch(() => {
    compiled = undefined // what can not be read now may be read later
  })
  return compiled
}
