import { kept } from './kept'

/** In LAME's own room for a granule: of each part the peaks, of left or right, then of middle or side; bytes from part to part, from channel to channel. */
const PEAKS: usize = 8320
const PART_BYTES: usize = 256
const CHANNEL_BYTES: usize = 2304
const PARTS = 9
/** Bytes of a part's samples, and how far ahead of the granule the filter begins to look. */
const SAMPLES: usize = 256
const AHEAD: usize = 1588

/**
 * The peaks, 1 or more, of each ninth of a granule behind a high pass, in left, right, middle and side: by these LAME finds
 * where a sound begins. What the filter gives is looked at when it comes, and not kept. `samples`: addresses of both channels.
 */
export function peaks(granuleRoom: usize, samples: usize, channels: i32): void {
  let left = <usize>load<u32>(samples) + AHEAD
  let right = <usize>load<u32>(channels > 1 ? samples + 4 : samples) + AHEAD
  let to = granuleRoom + PEAKS
  const e0 = kept(-1.730326e-17), e1 = kept(-1.349528e-17), e2 = kept(-6.73278e-17), e3 = kept(-3.0835e-17)
  const e4 = kept(-1.104424e-16)
  const o0 = kept(-0.01703172), o1 = kept(0.0418072), o2 = kept(-0.0876324), o3 = kept(0.1863476), o4 = kept(-0.627638)
  for (let part = 0; part < PARTS; part++, to += PART_BYTES) {
    const one = f32x4.splat(1)
    let a = one, b = one, c = one, d = one
    for (const end = left + SAMPLES; left < end; left += 16, right += 16) {
      const x = filtered(left, e0, e1, e2, e3, e4, o0, o1, o2, o3, o4)
      const y = filtered(right, e0, e1, e2, e3, e4, o0, o1, o2, o3, o4)
      a = f32x4.pmax(a, f32x4.abs(x))
      b = f32x4.pmax(b, f32x4.abs(y))
      c = f32x4.pmax(c, f32x4.abs(f32x4.add(x, y)))
      d = f32x4.pmax(d, f32x4.abs(f32x4.sub(x, y)))
    }
    const ac = higher(a, c), bd = higher(b, d)
    v128.store64_lane(to, higher(ac, ac), 0)
    v128.store64_lane(to + CHANNEL_BYTES, higher(bd, bd), 0)
  }
}

/** Of the pairs in either. */
@inline
function higher(x: v128, y: v128): v128 {
  return f32x4.pmax(v128.shuffle<i32>(x, y, 0, 2, 4, 6), v128.shuffle<i32>(x, y, 1, 3, 5, 7))
}

/** Four samples of a filter that is symmetric about 42 bytes from here: with the even factors, then with the odd ones, from outside in. */
@inline
function filtered(
  at: usize,
  e0: v128,
  e1: v128,
  e2: v128,
  e3: v128,
  e4: v128,
  o0: v128,
  o1: v128,
  o2: v128,
  o3: v128,
  o4: v128,
): v128 {
  let even = f32x4.add(both(at, 0, 84, e0), v128.load(at, 40))
  even = f32x4.add(both(at, 8, 76, e1), even)
  even = f32x4.add(both(at, 16, 68, e2), even)
  even = f32x4.add(both(at, 24, 60, e3), even)
  even = f32x4.add(both(at, 32, 52, e4), even)
  let odd = both(at, 4, 80, o0)
  odd = f32x4.add(both(at, 12, 72, o1), odd)
  odd = f32x4.add(both(at, 20, 64, o2), odd)
  odd = f32x4.add(both(at, 28, 56, o3), odd)
  odd = f32x4.add(both(at, 36, 48, o4), odd)
  return f32x4.add(even, odd)
}

@inline
function both(at: usize, before: usize, behind: usize, factor: v128): v128 {
  return f32x4.mul(f32x4.add(v128.load(at + before), v128.load(at + behind)), factor)
}
