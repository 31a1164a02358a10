/**
 * The power of two channels that lie side by side in frames of floats, each sample weighted by frequency (the K weighting of
 * BS.1770). Two at a time, because each sample waits for the one before it, but not for the other channel's.
 *
 * `filter`, 64-bit floats: b0, b1, b2, a1, a2 of the shelf, a1 and a2 of the high pass, whose others are 1, -2 and 1. Behind
 * the eighth, for both channels each, the two numbers that either section keeps between samples, then the power, to which
 * is added. `stride`: bytes of a frame.
 */
export function weigh(filter: usize, samples: usize, frames: i32, stride: i32): void {
  const b0 = v128.load64_splat(filter)
  const b1 = v128.load64_splat(filter, 8)
  const b2 = v128.load64_splat(filter, 16)
  const a1 = v128.load64_splat(filter, 24)
  const a2 = v128.load64_splat(filter, 32)
  const c1 = v128.load64_splat(filter, 40)
  const c2 = v128.load64_splat(filter, 48)
  let p1 = v128.load(filter, 64), p2 = v128.load(filter, 80)
  let q1 = v128.load(filter, 96), q2 = v128.load(filter, 112)
  let power = v128.load(filter, 128)
  for (; frames > 0; frames--, samples += stride) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(samples))
    const y = f64x2.add(f64x2.mul(b0, x), p1)
    p1 = f64x2.sub(f64x2.add(f64x2.mul(b1, x), p2), f64x2.mul(a1, y))
    p2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y))
    const heard = f64x2.add(y, q1)
    q1 = f64x2.sub(f64x2.sub(q2, f64x2.add(y, y)), f64x2.mul(c1, heard))
    q2 = f64x2.sub(y, f64x2.mul(c2, heard))
    power = f64x2.add(power, f64x2.mul(heard, heard))
  }
  v128.store(filter, awake(p1), 64)
  v128.store(filter, awake(p2), 80)
  v128.store(filter, awake(q1), 96)
  v128.store(filter, awake(q2), 112)
  v128.store(filter, power, 128)
}

/** Processors crawl with numbers next to zero: what is that faint is zero. */
@inline
function awake(state: v128): v128 {
  return v128.and(state, f64x2.ge(f64x2.abs(state), f64x2.splat(1e-30)))
}
