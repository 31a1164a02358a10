import { readNumber, SECTION, sectionsOf, writeNumber } from './wasm-binary.ts'

/**
 * Lowers the maximum in a module's memory section (WebAssembly core 5.5.8), in place. A worker's resourceLimits do not
 * bound WebAssembly memory, the module's own maximum does. `maxPages`: of 64 KB.
 */
function capMemory(binary: Buffer<ArrayBuffer>, maxPages: number): Buffer<ArrayBuffer> {
  const memory = sectionsOf(binary).find(({ id }) => id === SECTION.memory)
  if (!memory) throw new Error('the module has no memory section')
  // one memory, flags, minimum, maximum
  const minimum = readNumber(binary, memory.start + 2)
  const maximum = readNumber(binary, minimum.end)
  if (maximum.value > maxPages) writeNumber(maxPages, maximum.end - minimum.end).copy(binary, minimum.end)
  return binary
}

/** Compiles a module that may use so many pages; its bytes, which may be 32 MB, do not wait for the collector. */
export async function compileCapped(
  binary: Buffer<ArrayBuffer>,
  maxPages: number,
): Promise<WebAssembly.Module> {
  const module = await WebAssembly.compile(capMemory(binary, maxPages))
  binary.buffer.transfer(0)
  return module
}
