import { VALUES } from './granule'

/** What LAME knows of the stream: where it is written to; how many bits it has; which byte is the last, and how many of its bits are free. */
const STREAM: usize = 288
const BITS: usize = 296
const LAST: usize = 300
const FREE: usize = 304
/** Bytes of a header with side information; those that wait, 256 in a ring: before which bit each is due, its bytes; the next. */
const HEADER_BYTES: usize = 28
const DUE: usize = 39840
const HEADER: usize = 39848
const HEADER_APART: usize = 48
const NEXT: usize = 52132
const HEADERS = 256

/** Of each table: what the first of a pair counts, or bits of an escape; where codes lie, 16 bits each; lengths, with signs, a byte each. */
const TABLES: usize = 16384
const CODES: usize = 8
const LENGTHS: usize = 12
/** From here on tables are of 16 by 16, and of the largest an escape says how much is missing. */
const FIRST_ESCAPED = 16
const ESCAPE: u32 = 15

/**
 * Writes the quantized values of a granule, from one to before another, as pairs in Huffman table `table`, each with what
 * its code leaves out: escapes and signs. How many bits these are. 32 are written at a time, unless a header comes between.
 */
export function writePairs(gfc: usize, table: i32, from: i32, end: i32, granule: usize): i32 {
  if (table == 0 || from >= end) return 0
  const entry = TABLES + (<usize>table << 4)
  const codes = <usize>load<u32>(entry, CODES), lengths = <usize>load<u32>(entry, LENGTHS)
  const isEscaped = table >= FIRST_ESCAPED
  const columns = isEscaped ? 16 : load<u32>(entry), escape = isEscaped ? load<u32>(entry) : 0
  let held: u32 = 0, bits: u64 = 0
  const free = load<u32>(gfc, FREE)
  if (free > 0) {
    held = 8 - free
    bits = load<u8>(nextByte(gfc) - 1) >> free
    move(gfc, -1, -<i32>held)
  }
  const before = load<i32>(gfc, BITS) + <i32>held
  let headers = 0
  const last = granule + (<usize>end << 2)
  for (let at = granule + (<usize>from << 2); at < last; at += 8) {
    let one = load<u32>(at, VALUES), other = load<u32>(at, VALUES + 4)
    const signed = u32(one != 0), otherSigned = u32(other != 0)
    let rest: u64 = signed & u32(load<f32>(at) < 0)
    let restLength = signed + otherSigned
    if (isEscaped) {
      if (one >= ESCAPE) {
        rest |= (one - ESCAPE) << 1
        restLength += escape
        one = ESCAPE
      }
      if (other >= ESCAPE) {
        rest = (rest << escape) | (other - ESCAPE)
        restLength += escape
        other = ESCAPE
      }
    }
    rest = (rest << otherSigned) | (otherSigned & u32(load<f32>(at, 4) < 0))
    const place = <usize>(one * columns + other)
    const length = <u32>load<u8>(lengths + place) - signed - otherSigned
    bits = (bits << length) | load<u16>(codes + (place << 1))
    held += length
    if (held >= 32) headers += write(gfc, bits, (held -= 32))
    bits = (bits << restLength) | rest
    held += restLength
    if (held >= 32) headers += write(gfc, bits, (held -= 32))
  }
  for (; held >= 8; ) headers += writeByte(gfc, <u32>(bits >> (held -= 8)))
  store<u32>(gfc, 0, FREE)
  if (held > 0) {
    headers += writeByte(gfc, <u32>(bits << (8 - held)))
    move(gfc, 0, <i32>held - 8)
    store<u32>(gfc, 8 - held, FREE)
  }
  return load<i32>(gfc, BITS) - before - headers
}

/** Where the stream goes on. */
@inline
function nextByte(gfc: usize): usize {
  return <usize>(load<i32>(gfc, STREAM) + load<i32>(gfc, LAST) + 1)
}

@inline
function move(gfc: usize, bytes: i32, bits: i32): void {
  store<i32>(gfc, load<i32>(gfc, LAST) + bytes, LAST)
  store<i32>(gfc, load<i32>(gfc, BITS) + bits, BITS)
}

@inline
function nextHeader(gfc: usize): usize {
  return gfc + <usize>load<u32>(gfc, NEXT) * HEADER_APART
}

/** The 32 bits above those that are held; how many bits of headers came between. */
@inline
function write(gfc: usize, bits: u64, held: u32): i32 {
  const four = <u32>(bits >> held)
  const until = load<u32>(nextHeader(gfc), DUE) - load<u32>(gfc, BITS)
  if (until < 32) {
    let headers = 0
    for (let shift: u32 = 32; shift > 0; ) headers += writeByte(gfc, four >> (shift -= 8))
    return headers
  }
  store<u32>(nextByte(gfc), bswap<u32>(four))
  move(gfc, 4, 32)
  return 0
}

/** The lowest 8 bits, and before them a header that is due; how many bits that is. */
@inline
function writeByte(gfc: usize, byte: u32): i32 {
  const header = nextHeader(gfc)
  let bytes = 0
  if (load<u32>(header, DUE) == load<u32>(gfc, BITS)) {
    bytes = load<i32>(gfc, HEADER_BYTES)
    for (let each = 0; each < bytes; each++) store<u8>(nextByte(gfc) + each, load<u8>(header + each, HEADER))
    move(gfc, bytes, bytes << 3)
    store<u32>(gfc, (load<u32>(gfc, NEXT) + 1) % HEADERS, NEXT)
  }
  store<u8>(nextByte(gfc), byte)
  move(gfc, 1, 8)
  return bytes << 3
}
