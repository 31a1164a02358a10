import { longer, readNumber, rebuilt, SECTION, sectionsOf, sized, writeNumber } from './wasm-binary.ts'

/**
 * Lowers the maximum in a module's memory section (WebAssembly core 5.5.8), in place. A worker's resourceLimits do not
 * bound WebAssembly memory, the module's own maximum does. `maxPages`: of 64 KB.
 */
function capMemory(binary: Buffer<ArrayBuffer>, maxPages: number): Buffer<ArrayBuffer> {
  for (const { id, start } of sectionsOf(binary)) {
    if (id !== SECTION.memory) continue
    // one memory, flags, minimum, maximum
    const minimum = readNumber(binary, start + 2)
    const maximum = readNumber(binary, minimum.end)
    if (maximum.value > maxPages) writeNumber(maxPages, maximum.end - minimum.end).copy(binary, minimum.end)
    return binary
  }
  throw new Error('the module has no memory section')
}

/** How much memory an instance begins with, and may grow to: pages of 64 KB. */
export interface MemoryBounds {
  readonly initial: number
  readonly maximum: number
}

/** Among the kinds of what is imported (5.5.5). */
const MEMORY = 2
/** A flag of limits (5.3.8). */
const HAS_MAXIMUM = 1

/** A module that imports the memory it would have by itself, as `env.memory`, within these bounds. */
export function importMemory(binary: Buffer, { initial, maximum }: MemoryBounds): Buffer<ArrayBuffer> {
  const names = ['env', 'memory'].map((name) => sized(Buffer.from(name)))
  const limits = [Buffer.of(MEMORY, HAS_MAXIMUM), writeNumber(initial), writeNumber(maximum)]
  return rebuilt(binary, (id, content) => {
    if (id === SECTION.memory) return undefined
    return longer(content, id === SECTION.import ? [Buffer.concat([...names, ...limits])] : [])
  })
}

/** Compiles a module that may use so many pages. */
export const compileCapped = (binary: Buffer<ArrayBuffer>, maxPages: number): Promise<WebAssembly.Module> =>
  compileAndFree(capMemory(binary, maxPages))

/** Compiles a module; its bytes, which may be 32 MB, do not wait for the collector. */
export async function compileAndFree(binary: Buffer<ArrayBuffer>): Promise<WebAssembly.Module> {
  const module = await WebAssembly.compile(binary)
  binary.buffer.transfer(0)
  return module
}
