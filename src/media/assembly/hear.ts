import { gathered } from './gathered'
import { findAngles, transform } from './hartley'
import { energies } from './lines'
import {
  COSINES,
  GAINS,
  LINES,
  LOUDNESS,
  MASKS,
  MEANS,
  PEAKS,
  READY,
  roomOf,
  SINES,
  SPREAD,
  SUMS,
  TONALITIES,
  TONALITIES_BEFORE,
  TOTAL,
  TRANSFORM,
  TRANSFORM_BYTES,
} from './room'
import { GAIN_OF, makeSteps, spread } from './spread'

/** What LAME knows of the stream, by channel: of the granule before and the one before that, how loud 64 bands were by all that spreads. */
const BEFORE: usize = 21568
const EARLIER: usize = 22592
/** By channel: loudness, to be; energy of the spectrum; block type of the granule before. */
const LOUDNESS_NEXT: usize = 27616
const ENERGY: usize = 27624
const BLOCK_BEFORE: usize = 27800
/** By granule and channel. */
const LOUDNESS_NOW: usize = 27808
const LOWERING: usize = 84908
/** Addresses. */
const HEARING_LIMIT: usize = 85800
const MODEL: usize = 85804
const LONG = 0
const SHORT = 2

/** What the model knows of long blocks: the window, 1024 floats; then by band. */
const LOWERED: usize = 4608
const LEAST: usize = 4864
const LINE_SHARE: usize = 5120
const RANGES: usize = 5812
const LINE_COUNTS: usize = 6324
const BANDS: usize = 6756
/** Address of the weights with which bands spread. */
const WEIGHTS: usize = 6764
/** How well lines are heard, from where the limit of hearing is. */
const EQUAL_LOUDNESS: usize = 724
const LOUDNESS_SCALE: f64 = 8.974871343596633e-12

/** In LAME's own room for a granule, by channel: what a band may hide, its energy. */
const HIDDEN: usize = 128
const ENERGIES: usize = 1152

const MOST_BANDS = 64
/** Below this line the energy of the spectrum is not asked for. */
const LOWEST = 11
const MOST_LINES = 512
const MOST_TONAL = 8

/**
 * What hearing makes of the long block of a granule: its spectrum, the energies of lines and of bands, how tonal these are, how
 * they spread and so what each of them may hide. LAME does it for one channel after the other; here left, right, middle and
 * side go side by side, because sums must be added in order. `samples`: addresses of the samples of both channels.
 * `channels`: 1, 2, or 4 with middle and side.
 */
export function hear(stream: usize, granuleRoom: usize, samples: usize, granule: i32, channels: i32): void {
  const room = roomOf()
  const model = <usize>load<u32>(stream, MODEL)
  const bands = load<i32>(model, BANDS)
  if (!load<u32>(room, READY)) {
    findAngles(room + COSINES, room + SINES)
    makeSteps(room)
    store<u32>(room, 1, READY)
  }
  const isPair = channels > 1
  let transformed = room + TRANSFORM
  for (let channel = 0; channel < 1 + i32(isPair); channel++, transformed += TRANSFORM_BYTES)
    transform(model, load<u32>(samples + (<usize>channel << 2)), transformed, room + COSINES, room + SINES)
  energies(room + TRANSFORM, transformed - TRANSFORM_BYTES, room + LINES)
  add(room, <usize>load<u32>(stream, HEARING_LIMIT) + EQUAL_LOUDNESS)
  for (let channel = 0; channel < channels; channel++) {
    const at = <usize>channel << 2
    store<f32>(stream + at, load<f32>(room + at, TOTAL), ENERGY)
    if (channel > 1) continue
    store<f32>(stream + (<usize>granule << 3) + at, load<f32>(stream + at, LOUDNESS_NEXT), LOUDNESS_NOW)
    store<f32>(stream + at, <f32>(<f64>load<f32>(room + at, LOUDNESS) * LOUDNESS_SCALE), LOUDNESS_NEXT)
  }
  addBands(room, model, bands)
  findTonalities(room, model, bands)
  spread(load<u32>(model, WEIGHTS), model + RANGES, bands)
  for (let band = 0; band < MOST_BANDS; band += 4) {
    const at = room + (<usize>band << 4)
    transpose(at + SUMS)
    transpose(at + PEAKS)
    transpose(at + MASKS)
    transpose(at + SPREAD)
  }
  const lowering = v128.load32_splat(stream, LOWERING)
  for (let channel = 0; channel < channels; channel++) {
    const block = load<i32>(stream + (<usize>(channel & 1) << 2), BLOCK_BEFORE)
    const own = <usize>channel << 8
    hide(room + (<usize>channel << 4), stream + own, granuleRoom + own, model, lowering, block)
  }
}

/** Of all lines the energy and the loudness. */
@inline
function add(room: usize, weights: usize): void {
  let total = f32x4.splat(0), loudness = f32x4.splat(0)
  let at = room + LINES
  for (let line = 0; line < LOWEST; line++, at += 16, weights += 4)
    loudness = f32x4.add(f32x4.mul(v128.load(at), v128.load32_splat(weights)), loudness)
  for (let line = LOWEST; line < MOST_LINES; line++, at += 16, weights += 4) {
    const energy = v128.load(at)
    total = f32x4.add(total, energy)
    loudness = f32x4.add(f32x4.mul(energy, v128.load32_splat(weights)), loudness)
  }
  v128.store(room, f32x4.add(total, v128.load(at)), TOTAL)
  v128.store(room, loudness, LOUDNESS)
}

/** Of each band the energy, of a line the most and the mean; what lies beyond the bands is zero. */
@inline
function addBands(room: usize, model: usize, bands: i32): void {
  const zero = f32x4.splat(0)
  let line = room + LINES
  for (let band = -1; band <= MOST_BANDS; band++) {
    let sum = zero, most = zero, mean = zero
    const place = <usize>band << 2
    if (band >= 0 && band < bands) {
      const end = line + (<usize>max(load<i32>(model + place, LINE_COUNTS), 0) << 4)
      for (; line < end; line += 16) {
        const energy = v128.load(line)
        sum = f32x4.add(sum, energy)
        most = f32x4.pmax(most, energy)
      }
      mean = f32x4.mul(sum, v128.load32_splat(model + place, LINE_SHARE))
    }
    const at = room + (place << 2)
    v128.store(at, sum, SUMS)
    v128.store(at, most, PEAKS)
    v128.store(at, mean, MEANS)
    v128.store(at, zero, TONALITIES)
    v128.store(at, zero, MASKS)
    v128.store(at, zero, SPREAD)
  }
}

/** How much the strongest line of a band and its neighbours stands out, 0 to 8, with the gain that goes with it. */
@inline
function findTonalities(room: usize, model: usize, bands: i32): void {
  let before = i32x4.splat(0)
  v128.store(room, before, TONALITIES_BEFORE)
  for (let band = 0; band < bands; band++) {
    const at = room + (<usize>band << 4)
    const counts = model + LINE_COUNTS + (<usize>band << 2)
    const isFirst = band == 0, isLast = band == bands - 1
    const lines = load<i32>(counts) + (isFirst ? 0 : load<i32>(counts - 4)) + (isLast ? 0 : load<i32>(counts, 4))
    const mean = f32x4.add(f32x4.add(v128.load(at, MEANS), v128.load(at - 16, MEANS)), v128.load(at, MEANS + 16))
    const neighbour = f32x4.pmax(v128.load(at - 16, PEAKS), v128.load(at, PEAKS + 16))
    const most = f32x4.pmax(v128.load(at, PEAKS), neighbour)
    const above = f32x4.sub(f32x4.mul(most, f32x4.splat(isFirst || isLast ? 2 : 3)), mean)
    const ratio = f32x4.div(
      f32x4.mul(above, f32x4.splat(20)),
      f32x4.mul(mean, f32x4.splat(<f32>(lines - 1))),
    )
    const tonality = v128.and(
      i32x4.min_s(i32x4.trunc_sat_f32x4_s(ratio), i32x4.splat(MOST_TONAL)),
      f32x4.gt(mean, f32x4.splat(0)),
    )
    before = i32x4.add(before, tonality)
    v128.store(at, tonality, TONALITIES)
    v128.store(at, before, TONALITIES_BEFORE + 16)
    v128.store(at, gathered(GAIN_OF, tonality), GAINS)
  }
}

/** Four bands of four channels. */
@inline
function transpose(at: usize): void {
  const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48)
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(at, v128.shuffle<i64>(ab, cd, 0, 2))
  v128.store(at, v128.shuffle<i64>(ab, cd, 1, 3), 16)
  v128.store(at, v128.shuffle<i64>(AB, CD, 0, 2), 32)
  v128.store(at, v128.shuffle<i64>(AB, CD, 1, 3), 48)
}

/** What each band of a channel may hide: not much more than in the granules before it, and no more than it has. */
@inline
function hide(room: usize, stream: usize, to: usize, model: usize, lowering: v128, block: i32): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1)
  for (let band = 0; band < MOST_BANDS; band += 4, room += 64, stream += 16, to += 16, model += 16) {
    const sum = v128.load(room, SPREAD), energy = v128.load(room, SUMS)
    const before = v128.load(stream, BEFORE), earlier = f32x4.mul(v128.load(stream, EARLIER), f32x4.splat(16))
    const twice = f32x4.add(before, before)
    let limit = v128.bitselect(sum, twice, f32x4.le(twice, zero))
    if (block == LONG) limit = f32x4.pmin(limit, v128.bitselect(sum, earlier, f32x4.le(earlier, zero)))
    if (block == SHORT) limit = v128.bitselect(twice, shareOf(energy), f32x4.gt(twice, zero))
    v128.store(stream, before, EARLIER)
    v128.store(stream, sum, BEFORE)
    const least = f32x4.mul(v128.load(room, MASKS), f32x4.mul(v128.load(room, PEAKS), v128.load(model, LEAST)))
    const lowered = f32x4.mul(v128.load(model, LOWERED), lowering)
    const hidden = f32x4.mul(f32x4.pmin(least, f32x4.pmin(sum, limit)), f32x4.pmax(one, lowered))
    v128.store(to, f32x4.mul(f32x4.pmin(energy, hidden), f32x4.pmin(one, lowered)), HIDDEN)
    v128.store(to, energy, ENERGIES)
  }
}

/** With as many digits as LAME takes for it. */
@inline
function shareOf(energy: v128): v128 {
  const by = f64x2.splat(0.3)
  const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(energy), by))
  const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(energy, energy, 1, 0)), by))
  return v128.shuffle<i64>(low, high, 0, 2)
}
