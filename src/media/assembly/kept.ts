import { stack } from './granule'

/** V8 makes a constant anew at each use; what was read from memory it keeps in a register. */
@inline
export function kept(value: f32): v128 {
  store<f32>(stack - 16, value)
  return v128.load32_splat(stack - 16)
}

@inline
export function keptWord(value: i32): v128 {
  store<i32>(stack - 16, value)
  return v128.load32_splat(stack - 16)
}
