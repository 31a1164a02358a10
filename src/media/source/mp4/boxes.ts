/** A box of ISO 14496-12 (4.2): where its contents lie. */
export interface Box {
  readonly type: string
  /** Behind the header. */
  readonly start: number
  readonly end: number
}

/** Bytes of the header of a box of less than 4 GB. */
const HEADER = 8
/** Bytes of the longest one. */
export const BOX_HEADER = 16

/**
 * The header of the box at `at`; `limit` is where what holds it ends. undefined when it is cut off or nonsense:
 * what is read here is a stranger's.
 */
export function readBox(bytes: Buffer, at: number, limit: number, offset = at): Box | undefined {
  if (at + HEADER > bytes.length) return undefined
  const small = bytes.readUInt32BE(at)
  const isLong = small === 1
  if (isLong && at + BOX_HEADER > bytes.length) return undefined
  const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : small === 0 ? limit - offset : small
  const header = isLong ? BOX_HEADER : HEADER
  if (size < header || offset + size > limit) return undefined
  return { type: bytes.toString('latin1', at + 4, at + 8), start: offset + header, end: offset + size }
}

/** Boxes of one that are looked at: an index could consist of millions. */
const MOST_BOXES = 1000

/** The boxes inside `outer`: all, or those of this type; the first of very many. */
export function boxesIn(bytes: Buffer, outer: Omit<Box, 'type'>, type?: string): Box[] {
  const found: Box[] = []
  for (let at = outer.start, seen = 0; at < outer.end; seen++) {
    const box = readBox(bytes, at, outer.end)
    if (!box || seen === MOST_BOXES) return found
    if (type === undefined || box.type === type) found.push(box)
    at = box.end
  }
  return found
}

/** The first box along a path of types, such as `mdia`, `minf`, `stbl`. */
export function boxAt(bytes: Buffer, outer: Omit<Box, 'type'>, ...path: string[]): Box | undefined {
  let box: Box | undefined = { ...outer, type: '' }
  for (const type of path) box = box && boxesIn(bytes, box, type)[0]
  return box
}

/** A box of these contents, the numbers among them 32-bit words. */
export function writeBox(type: string, contents: readonly (number | Uint8Array)[]): Buffer {
  const length = contents.reduce<number>((sum, each) => sum + lengthOf(each), HEADER)
  const box = Buffer.alloc(length)
  box.writeUInt32BE(length)
  box.write(type, 4, 'latin1')
  let at = HEADER
  for (const each of contents) {
    if (typeof each === 'number') box.writeUInt32BE(each, at)
    else box.set(each, at)
    at += lengthOf(each)
  }
  return box
}

/** A box of these fields, and of parts that may be too large to be copied for every box around them. */
export function boxOfParts(
  type: string,
  fields: readonly number[],
  parts: readonly Uint8Array[],
): Uint8Array[] {
  const header = writeBox(type, fields)
  header.writeUInt32BE(parts.reduce((sum, { length }) => sum + length, header.length))
  return [header, ...parts]
}

/** The header of a box that has so many bytes of contents, which tells its length in 64 bits. */
export function longHeader(type: string, length: number): Buffer {
  const header = Buffer.alloc(BOX_HEADER)
  header.writeUInt32BE(1)
  header.write(type, 4, 'latin1')
  header.writeBigUInt64BE(BigInt(BOX_HEADER + length), 8)
  return header
}

const lengthOf = (content: number | Uint8Array) => (typeof content === 'number' ? 4 : content.length)

/** How many words are looked at where a box is expected to have few. */
const FEW = 8

/** The first 32-bit words of a box, those it has: version and flags of a full box, and its fields. */
export function wordsOf(bytes: Buffer, { start, end }: Box, most = FEW): number[] {
  const length = Math.min(most, Math.floor((end - start) / 4))
  return Array.from({ length }, (_, place) => bytes.readUInt32BE(start + place * 4))
}

/** Units a second, from `mvhd` or `mdhd`: they stand behind two times: of 64 bits each in version 1 (8.2.2, 8.4.2). */
export function timescale(bytes: Buffer, header: Box): number {
  const [version = 0, ...words] = wordsOf(bytes, header)
  return words[version >>> 24 === 1 ? 4 : 2] ?? 0
}

/** The same memory. */
export const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
