/** Four words of a table. */
@inline
export function gathered(table: usize, places: v128): v128 {
  const bytes = i32x4.shl(places, 2)
  let words = v128.load32_zero(table + i32x4.extract_lane(bytes, 0))
  words = v128.load32_lane(table + i32x4.extract_lane(bytes, 1), words, 1)
  words = v128.load32_lane(table + i32x4.extract_lane(bytes, 2), words, 2)
  return v128.load32_lane(table + i32x4.extract_lane(bytes, 3), words, 3)
}

/** Four words of a table of four, which needs no memory. */
@inline
export function amongFour(words: v128, places: v128): v128 {
  const bytes = i32x4.add(i32x4.mul(places, i32x4.splat(0x04040404)), i32x4.splat(0x03020100))
  return i8x16.swizzle(words, bytes)
}
