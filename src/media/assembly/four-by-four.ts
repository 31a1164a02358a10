/** Four rows of four become columns: the first of each lie together, behind them, so many bytes apart, the next. */
@inline
export function turnFour(a: v128, b: v128, c: v128, d: v128, to: usize, apart: usize): void {
  const low = v128.shuffle<i32>(a, b, 0, 4, 1, 5), high = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5), high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(low, low2, 0, 2))
  v128.store(to + apart, v128.shuffle<i64>(low, low2, 1, 3))
  v128.store(to + 2 * apart, v128.shuffle<i64>(high, high2, 0, 2))
  v128.store(to + 3 * apart, v128.shuffle<i64>(high, high2, 1, 3))
}
