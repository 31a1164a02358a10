/** Sections of a WebAssembly module by their number (core 5.5.2). */
export const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10 } as const

/** Where a section's content lies in the module. */
export interface Section {
  readonly id: number
  readonly start: number
  readonly end: number
}

const HEADER_BYTES = 8

export function sectionsOf(binary: Buffer): Section[] {
  const sections: Section[] = []
  for (let at = HEADER_BYTES; at < binary.length; ) {
    const id = binary.readUInt8(at)
    const { value, end: start } = readNumber(binary, at + 1)
    at = start + value
    sections.push({ id, start, end: at })
  }
  return sections
}

/** An unsigned LEB128 number and where it ends. */
export function readNumber(binary: Buffer, start: number): { value: number; end: number } {
  let value = 0
  for (let end = start, shift = 0; ; shift += 7) {
    const byte = binary.readUInt8(end++)
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, end }
  }
}

/** A number as unsigned LEB128, at least that many bytes long. */
export function writeNumber(value: number, length = 1): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length < length; rest >>>= 7) {
    const isLast = rest < 0x80 && bytes.length + 1 >= length
    bytes.push((rest & 0x7f) | (isLast ? 0 : 0x80))
  }
  return Buffer.from(bytes)
}

/** Bytes behind their length. */
export const sized = (bytes: Buffer): Buffer => Buffer.concat([writeNumber(bytes.length), bytes])

/** In parts: it may be long. */
const section = (id: number, content: Buffer): Buffer[] => [
  Buffer.of(id),
  writeNumber(content.length),
  content,
]

/** A list, as sections hold them, with more entries behind its own. */
export function longer(list: Buffer, more: readonly Buffer[]): Buffer {
  if (more.length === 0) return list
  const { value, end } = readNumber(list, 0)
  return Buffer.concat([writeNumber(value + more.length), list.subarray(end), ...more])
}

/** A module of the sections of another, changed by `change`, or left out where that gives none. */
export function rebuilt(
  binary: Buffer,
  change: (id: number, content: Buffer) => Buffer | undefined,
): Buffer<ArrayBuffer> {
  const sections = sectionsOf(binary).flatMap(({ id, start, end }) => {
    const content = change(id, binary.subarray(start, end))
    return content ? section(id, content) : []
  })
  return Buffer.concat([binary.subarray(0, HEADER_BYTES), ...sections])
}
