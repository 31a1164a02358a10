import { highest, loudest } from './loudest'

const TAPS: i32 = 12
const HALF: i32 = TAPS / 2
/** Bytes that are looked at together: where they are quiet nothing is computed. First many, then few of them. */
const MANY: usize = 1024
const FEW: usize = 128

/**
 * The louder of `known` and the true peak of all channels: of the samples themselves, and of three places between two of
 * them. Channels lie side by side in frames of floats, of which four are taken at a time, whosever they are; 16 bytes
 * before them may be read. `taps`: 12 floats for each of the three places. `reach`: no place is louder than the loudest
 * of its samples times this. What lies beyond the first and the last samples is not seen.
 */
export function truePeak(
  taps: usize,
  reach: f32,
  samples: usize,
  frames: i32,
  channels: i32,
  known: f32,
): f32 {
  const frame = <usize>channels << 2
  const end = samples + <usize>frames * frame
  const around = <usize>HALF * frame
  const first = samples + around - frame, last = end - around
  let peak = known
  for (let many = samples; many < end; many += MANY) {
    const manyEnd = min(many + MANY, end)
    if (loudest(max(many - around, samples), min(manyEnd + around, end)) * reach <= peak) continue
    for (let few = many; few < manyEnd; few += FEW) {
      const fewEnd = min(few + FEW, manyEnd)
      if (loudest(max(few - around, samples), min(fewEnd + around, end)) * reach <= peak) continue
      peak = max(peak, loudest(few, fewEnd))
      peak = max(peak, between(taps, frame, max(few, first), min(fewEnd, last)))
    }
  }
  return peak
}

/** The last four may be some of those before them. */
function between(taps: usize, frame: usize, from: usize, to: usize): f32 {
  let most = f32x4.splat(0)
  for (; from < to; from += 16) {
    let sample = min(from, to - 16) - <usize>(HALF - 1) * frame
    let quarter = f32x4.splat(0), middle = f32x4.splat(0), threeQuarters = f32x4.splat(0)
    for (let tap = taps; tap < taps + (TAPS << 2); tap += 4, sample += frame) {
      const four = v128.load(sample)
      quarter = f32x4.add(quarter, f32x4.mul(four, v128.load32_splat(tap)))
      middle = f32x4.add(middle, f32x4.mul(four, v128.load32_splat(tap, TAPS << 2)))
      threeQuarters = f32x4.add(threeQuarters, f32x4.mul(four, v128.load32_splat(tap, TAPS << 3)))
    }
    most = f32x4.pmax(most, f32x4.abs(quarter))
    most = f32x4.pmax(most, f32x4.abs(middle))
    most = f32x4.pmax(most, f32x4.abs(threeQuarters))
  }
  return highest(most)
}
