/** The highest level of the floats from one place to another. */
export function loudest(from: usize, to: usize): f32 {
  let most = f32x4.splat(0)
  for (; from + 16 <= to; from += 16) most = f32x4.pmax(most, f32x4.abs(v128.load(from)))
  for (; from < to; from += 4) most = f32x4.pmax(most, f32x4.abs(v128.load32_zero(from)))
  return highest(most)
}

@inline
export function highest(four: v128): f32 {
  const two = f32x4.pmax(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1))
  return f32x4.extract_lane(f32x4.pmax(two, v128.shuffle<i32>(two, two, 1, 0, 3, 2)), 0)
}
