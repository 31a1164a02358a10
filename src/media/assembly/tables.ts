/**
 * LAME's Huffman tables, where its module keeps them. Of each, 32 bits each: how many rows it has (of those with escapes: bits
 * of an escape), the largest escape, where its codes lie, where the lengths of its pairs lie, a byte each, row by row.
 */
const TABLES: usize = 16384
/** Lengths of pairs up to 15, in tables 16 to 23 (the upper 16 bits) and 24 to 31. */
const ESCAPED: usize = 16928
/** Values from here on are written as this one and an escape. */
const ESCAPE: i32 = 15
/** Tables come in classes by the largest value they know; these are the first tables of classes 0 to 6, four bits each. */
const FIRST: u32 = 0xda7_5210
const WITH_ESCAPES = 7

/** Bits of all three sums; the tables of a class follow one another, class 1 has one, 2 and 3 have two. */
const SUM: u64 = 0xffff

@inline
export function classOf(largest: i32): i32 {
  if (largest < 4) return largest
  return largest < 6 ? 4 : largest < 8 ? 5 : largest <= ESCAPE ? 6 : WITH_ESCAPES
}

@inline
function rowsOf(table: i32): i32 {
  return load<i32>(TABLES + (<usize>table << 4))
}

@inline
function largestEscape(table: i32): i32 {
  return load<i32>(TABLES + (<usize>table << 4), 4)
}

@inline
function lengthsOf(table: i32): usize {
  return load<u32>(TABLES + (<usize>table << 4), 12)
}

/** The largest of the values, which come in pairs. */
@inline
export function largestOf(from: usize, end: usize): i32 {
  let most = i32x4.splat(0)
  for (; from + 16 <= end; from += 16) most = i32x4.max_s(most, v128.load(from))
  if (from < end) most = i32x4.max_s(most, v128.load64_zero(from))
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1))
  return max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1))
}

/** How long the values are in up to three tables of a class: 16 bits each, the first the lowest. */
@inline
export function lengthsIn(kind: i32, from: usize, end: usize): u64 {
  if (kind == WITH_ESCAPES) return escaped(from, end)
  const table = (FIRST >> (kind << 2)) & 15
  return kind < 6 && end - from > 48 ? shuffled(table, from, end) : lookedUp(table, from, end)
}

/** The best table of a class for values whose largest is known, above 24 bits that say how long they are in it. */
@inline
export function best(kind: i32, largest: i32, lengths: u64): u32 {
  let least = <u32>(lengths & SUM)
  const second = <u32>((lengths >> 16) & SUM)
  const third = <u32>(lengths >> 32)
  let table = (FIRST >> (kind << 2)) & 15
  if (kind == WITH_ESCAPES) {
    let wide = 24
    while (wide < 31 && largestEscape(wide) < largest - ESCAPE) wide++
    table = wide - 8
    while (table < 24 && largestEscape(table) < largest - ESCAPE) table++
    least += third * rowsOf(table)
    const widely = second + third * rowsOf(wide)
    return least > widely ? widely | (wide << 24) : least | (table << 24)
  }
  const first = table
  if (kind > 1 && second < least) {
    least = second
    table = first + 1
  }
  if (kind > 3 && third < least) {
    least = third
    table = first + 2
  }
  return least | (table << 24)
}

/** Where four pairs lie in their table. */
@inline
function places(at: usize, rows: v128): v128 {
  return i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16)), rows)
}

@inline
function lookedUp(table: i32, from: usize, end: usize): u64 {
  const first = lengthsOf(table), second = lengthsOf(table + 1), third = lengthsOf(table + 2)
  const rows = rowsOf(table)
  const by = i32x4.splat(rows | 0x10000)
  let a: u32 = 0, b: u32 = 0, c: u32 = 0
  for (; from + 32 <= end; from += 32) {
    const place = places(from, by)
    const p = i32x4.extract_lane(place, 0), q = i32x4.extract_lane(place, 1)
    const r = i32x4.extract_lane(place, 2), s = i32x4.extract_lane(place, 3)
    a += <u32>load<u8>(first + p) + load<u8>(first + q) + load<u8>(first + r) + load<u8>(first + s)
    b += <u32>load<u8>(second + p) + load<u8>(second + q) + load<u8>(second + r) + load<u8>(second + s)
    c += <u32>load<u8>(third + p) + load<u8>(third + q) + load<u8>(third + r) + load<u8>(third + s)
  }
  for (; from < end; from += 8) {
    const place = load<i32>(from) * rows + load<i32>(from, 4)
    a += load<u8>(first + place)
    b += load<u8>(second + place)
    c += load<u8>(third + place)
  }
  return <u64>a | (<u64>b << 16) | (<u64>c << 32)
}

/** The same by 16 pairs at once, for tables of up to 64 lengths, which four vectors hold. */
@inline
function shuffled(table: i32, from: usize, end: usize): u64 {
  const first = lengthsOf(table), second = lengthsOf(table + 1), third = lengthsOf(table + 2)
  const isSmall = rowsOf(table) <= 4
  const by = i32x4.splat(rowsOf(table) | 0x10000)
  let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0)
  // What is no whole 16 comes first; the pairs before it, which are other values, lie in no table.
  const missing = -<i32>((end - from) >> 3) & 15
  let outside = i8x16.gt_s(i8x16.splat(<i8>missing), i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
  for (let at = from - (<usize>missing << 3); at < end; at += 128) {
    const low = i16x8.narrow_i32x4_s(places(at, by), places(at + 32, by))
    const high = i16x8.narrow_i32x4_s(places(at + 64, by), places(at + 96, by))
    const place = v128.or(outside, i8x16.narrow_i16x8_u(low, high))
    outside = i32x4.splat(0)
    if (isSmall) {
      a = plus(a, i8x16.swizzle(v128.load(first), place))
      b = plus(b, i8x16.swizzle(v128.load(second), place))
    } else {
      a = plus(a, among64(first, place))
      b = plus(b, among64(second, place))
      c = plus(c, among64(third, place))
    }
  }
  return <u64>sumOf(a) | (<u64>sumOf(b) << 16) | (<u64>sumOf(c) << 32)
}

/** A swizzle gives zero for places beyond its 16. */
@inline
function among64(lengths: usize, place: v128): v128 {
  const p = i8x16.sub(place, i8x16.splat(16)), q = i8x16.sub(place, i8x16.splat(32))
  const r = i8x16.sub(place, i8x16.splat(48))
  return v128.or(
    v128.or(i8x16.swizzle(v128.load(lengths), place), i8x16.swizzle(v128.load(lengths, 16), p)),
    v128.or(i8x16.swizzle(v128.load(lengths, 32), q), i8x16.swizzle(v128.load(lengths, 48), r)),
  )
}

@inline
function plus(sums: v128, bytes: v128): v128 {
  return i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(bytes))
}

@inline
function sumOf(sums: v128): u32 {
  const four = i32x4.extadd_pairwise_i16x8_u(sums)
  const two = i32x4.add(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1))
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1)
}

/** Both kinds of tables with escapes, without these; the third sum says how many there are. */
@inline
function escaped(from: usize, end: usize): u64 {
  const by = i32x4.splat((16 << 2) | (1 << 18))
  let both: u32 = 0
  let escapes = i32x4.splat(0)
  for (; from + 32 <= end; from += 32) {
    const values = i16x8.narrow_i32x4_s(v128.load(from), v128.load(from, 16))
    escapes = i16x8.sub(escapes, i16x8.ge_s(values, i16x8.splat(<i16>ESCAPE)))
    const place = i32x4.dot_i16x8_s(i16x8.min_s(values, i16x8.splat(<i16>ESCAPE)), by)
    both += load<u32>(ESCAPED + i32x4.extract_lane(place, 0)) + load<u32>(ESCAPED + i32x4.extract_lane(place, 1))
    both += load<u32>(ESCAPED + i32x4.extract_lane(place, 2)) + load<u32>(ESCAPED + i32x4.extract_lane(place, 3))
  }
  let count = sumOf(escapes)
  for (; from < end; from += 8) {
    const x = load<i32>(from), y = load<i32>(from, 4)
    count += <u32>(x >= ESCAPE) + <u32>(y >= ESCAPE)
    both += load<u32>(ESCAPED + (<usize>min(x, ESCAPE) << 6) + (<usize>min(y, ESCAPE) << 2))
  }
  return <u64>(both >>> 16) | (<u64>(both & 0xffff) << 16) | (<u64>count << 32)
}
