const MEMORY_SECTION = 5

/**
 * Lowers the maximum in a module's memory section (WebAssembly core 5.5.8), in place. A worker's resourceLimits do not
 * bound WebAssembly memory, the module's own maximum does. `maxPages`: of 64 KB.
 */
function capMemory(binary: Buffer<ArrayBuffer>, maxPages: number): Buffer<ArrayBuffer> {
  let at = 8
  while (at < binary.length) {
    const section = binary[at]
    const size = readNumber(binary, at + 1)
    if (section === MEMORY_SECTION) {
      // one memory, flags, minimum, maximum
      const minimum = readNumber(binary, size.end + 2)
      const maximum = readNumber(binary, minimum.end)
      if (maximum.value > maxPages) writeNumber(binary, minimum.end, maximum.end, maxPages)
      return binary
    }
    at = size.end + size.value
  }
  throw new Error('the module has no memory section')
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
