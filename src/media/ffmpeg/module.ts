import { readFile } from 'node:fs/promises'
import { CORE_WASM } from './core.ts'

/** WebAssembly pages of 64 KB that one engine may grow to: 512 MB. The build itself allows 2 GB. */
const MAX_PAGES = 8192
const MEMORY_SECTION = 5

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine's module: compiled at the first call (0.1 to 0.4 s), shared by all threads from then on. */
export function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(CORE_WASM).then((binary) => WebAssembly.compile(capMemory(binary)))
  return compiled
}

/**
 * Lowers the maximum in the memory section (WebAssembly core 5.5.8), in place. A worker's resourceLimits do not
 * bound WebAssembly memory, the module's own maximum does.
 */
function capMemory(binary: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let at = 8
  while (at < binary.length) {
    const section = binary[at]
    const size = readNumber(binary, at + 1)
    if (section === MEMORY_SECTION) {
      // one memory, flags, minimum, maximum
      const minimum = readNumber(binary, size.end + 2)
      const maximum = readNumber(binary, minimum.end)
      if (maximum.value > MAX_PAGES) writeNumber(binary, minimum.end, maximum.end, MAX_PAGES)
      return binary
    }
    at = size.end + size.value
  }
  throw new Error('the engine has no memory section')
}

/** An unsigned LEB128 number and where it ends. */
function readNumber(binary: Buffer, start: number): { value: number; end: number } {
  let value = 0
  for (let end = start, shift = 0; ; shift += 7) {
    const byte = binary.readUInt8(end++)
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, end }
  }
}

/** Writes a number over one of the same length, padded as LEB128 allows. */
function writeNumber(binary: Buffer, start: number, end: number, value: number): void {
  for (let at = start, rest = value; at < end; at++, rest >>>= 7) {
    binary.writeUInt8((rest & 0x7f) | (at < end - 1 ? 0x80 : 0), at)
  }
}
