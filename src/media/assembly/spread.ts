import { gathered } from './gathered'

/** Where the room for this lies stands at this address, in a page that nothing else uses. */
const ROOM: usize = 16
/**
 * In the room: whose weights it holds, 0 for none; then of each band its sum, the tonality of those that reach it but the
 * first, and its gain; of each four bands, the first and the last that reach one of them; their weights, row by row.
 */
const SUMS: usize = 16
const TONALITIES: usize = SUMS + 256
const GAINS: usize = TONALITIES + 256
const REACHED: usize = GAINS + 256
const ROWS: usize = 1024

/** LAME's own, by tonality: gain, a float; within how many bands another is near. */
const GAIN_OF: usize = 9312
const NEAR_WITHIN: usize = 9360
/** What the sum of two that are near is multiplied by, by how many times 10^(1/16) one is the other. */
const FACTOR: usize = 9408
/** 15 dB: between those that are not near, what is softer by more does not count. */
const FAR: f32 = 31.622776

/**
 * How loud each band of hearing is by all that spreads into it: the convolution of the psychoacoustic model. Each step of it
 * waits for the one before, so four bands go side by side; a weight of zero changes nothing.
 *
 * `weights`: of each band those of all that reach it, one band behind the other. `ranges`: of each band the first and the
 * last that reach it. `tonality`: of each band, a byte.
 */
export function spread(weights: usize, ranges: usize, energies: usize, tonality: usize, bands: i32): void {
  const room = <usize>load<u32>(ROOM)
  if (load<u32>(room) != <u32>weights) arrange(room, weights, ranges, bands)
  for (let band = 0; band < bands; band++) {
    const at = room + (<usize>band << 2)
    store<f32>(at, load<f32>(GAIN_OF + (<usize>load<u8>(tonality + band) << 2)), GAINS)
    let sum = 0
    for (let k = first(ranges, band) + 1; k <= last(ranges, band); k++) sum += load<u8>(tonality + k)
    store<i32>(at, sum, TONALITIES)
  }
  let row = room + ROWS
  for (let band = 0; band < bands; band += 4) {
    let sum = f32x4.splat(0)
    const end = last(room + REACHED, band >> 2)
    for (let k = first(room + REACHED, band >> 2); k <= end; k++, row += 16) {
      const energy = f32x4.mul(v128.load(row), v128.load32_splat(energies + (<usize>k << 2)))
      const more = f32x4.mul(energy, v128.load32_splat(room + (<usize>k << 2), GAINS))
      const added = f32x4.add(sum, more)
      const kept = beyond(sum, more, added)
      sum = k < band - 2 || k > band + 5 ? kept : near(sum, more, added, kept, k - band, tonality + band)
    }
    v128.store(room + (<usize>band << 2), sum, SUMS)
  }
}

@inline
function first(ranges: usize, band: i32): i32 {
  return load<i32>(ranges + (<usize>band << 3))
}

@inline
function last(ranges: usize, band: i32): i32 {
  return load<i32>(ranges + (<usize>band << 3), 4)
}

/** Once for an encoder: rows of four weights. */
@inline
function arrange(room: usize, weights: usize, ranges: usize, bands: i32): void {
  store<u32>(room, <u32>weights)
  let rows = room + ROWS
  for (let band = 0; band < bands; band += 4) {
    let low = i32.MAX_VALUE, high = -1
    for (let each = band; each < min(band + 4, bands); each++) {
      low = min(low, first(ranges, each))
      high = max(high, last(ranges, each))
    }
    store<i32>(room + (<usize>band << 1), low, REACHED)
    store<i32>(room + (<usize>band << 1), high, REACHED + 4)
    for (let each = band; each < band + 4; each++) {
      for (let k = low; k <= high; k++) {
        const reaches = each < bands && k >= first(ranges, each) && k <= last(ranges, each)
        const at = rows + (<usize>(k - low) << 4) + (<usize>(each - band) << 2)
        store<f32>(at, reaches ? load<f32>(weights) : 0)
        if (reaches) weights += 4
      }
    }
    rows += <usize>(high - low + 1) << 4
  }
}

/** Added where neither is much louder; else the louder alone. */
@inline
function beyond(sum: v128, more: v128, added: v128): v128 {
  const far = f32x4.splat(FAR)
  const isHeard = f32x4.gt(f32x4.mul(more, far), sum)
  const hears = f32x4.gt(f32x4.mul(sum, far), more)
  return v128.bitselect(v128.bitselect(added, more, hears), sum, isHeard)
}

/** Where a band is near, both are added and what they have in common taken away. */
@inline
function near(sum: v128, more: v128, added: v128, kept: v128, away: i32, tonality: usize): v128 {
  const distance = i32x4.abs(i32x4.sub(i32x4.splat(away), i32x4(0, 1, 2, 3)))
  const louder = f32x4.pmax(sum, more), softer = f32x4.pmin(sum, more)
  let steps = over(louder, softer, 1.154782)
  steps = i32x4.add(steps, over(louder, softer, 1.3335214))
  steps = i32x4.add(steps, over(louder, softer, 1.5399265))
  steps = i32x4.add(steps, over(louder, softer, 1.7782794))
  steps = i32x4.add(steps, over(louder, softer, 2.053525))
  steps = i32x4.add(steps, over(louder, softer, 2.3713737))
  steps = i32x4.add(steps, over(louder, softer, 2.7384196))
  steps = i32x4.add(steps, over(louder, softer, 3.1622777))
  const factors = gathered(FACTOR, i32x4.neg(steps))
  const together = v128.bitselect(added, f32x4.mul(added, factors), over(louder, softer, 3.6517412))
  const within = gathered(
    NEAR_WITHIN,
    i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(tonality))),
  )
  return v128.bitselect(together, kept, i32x4.le_s(distance, within))
}

/** All bits set where one is so many times the other. */
@inline
function over(louder: v128, softer: v128, times: f32): v128 {
  return f32x4.ge(louder, f32x4.mul(softer, f32x4.splat(times)))
}
