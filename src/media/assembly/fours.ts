/** Lengths, by the sixteen values of four that are 0 or 1, in both tables for them: LAME's own. */
const BY_ONE: usize = 11824
const BY_OTHER: usize = 11840

/** Four values of 0 or 1 as one number, the first the highest bit. */
@inline
function asNumber(four: v128): usize {
  return <usize>i32x4.bitmask(i32x4.shl(v128.shuffle<i32>(four, four, 3, 2, 1, 0), 31))
}

/** How long four values of 0 or 1 are in the one table, and, in the upper half, in the other. */
@inline
export function lengthsOfFour(four: v128): u64 {
  const number = asNumber(four)
  return <u64>load<u8>(BY_ONE + number) | (<u64>load<u8>(BY_OTHER + number) << 32)
}
