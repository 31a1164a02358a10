/** Rows of 64 bands: left, right, middle and side. */
const RIGHT: usize = 256
const MIDDLE: usize = 512
const SIDE: usize = 768
/** 2 dB: sides that are nearer to each other are nearly one sound. */
const ALIKE: f32 = 1.58

/**
 * How much noise the sum of two sides may have and how much their difference, where one of them would be heard through the
 * other: four bands side by side. `energies`, `thresholds`: by rows. `apart`: of each band, how well sides are told apart.
 * `quiet`: of each band, what is just heard in silence, `loudness` what it is multiplied by. `fix`: above 0, the thresholds
 * are together no more than so many times those of the sides.
 */
export function midSide(
  energies: usize,
  thresholds: usize,
  apart: usize,
  quiet: usize,
  loudness: f32,
  fix: f32,
  bands: i32,
): void {
  const alike = f32x4.splat(ALIKE), most = f32x4.splat(fix + fix), zero = f32x4.splat(0)
  for (; bands > 0; bands -= 4, energies += 16, thresholds += 16, apart += 16, quiet += 16) {
    const left = v128.load(thresholds), right = v128.load(thresholds, RIGHT)
    const oldMiddle = v128.load(thresholds, MIDDLE), oldSide = v128.load(thresholds, SIDE)
    const middleEnergy = v128.load(energies, MIDDLE), sideEnergy = v128.load(energies, SIDE)
    const told = v128.load(apart)
    const areAlike = v128.and(f32x4.le(right, f32x4.mul(left, alike)), f32x4.le(left, f32x4.mul(right, alike)))
    const sideMost = f32x4.pmax(oldSide, f32x4.pmin(oldMiddle, f32x4.mul(middleEnergy, told)))
    const middleMost = f32x4.pmax(oldMiddle, f32x4.pmin(oldSide, f32x4.mul(sideEnergy, told)))
    let side = v128.bitselect(sideMost, oldSide, areAlike)
    let middle = v128.bitselect(middleMost, oldMiddle, areAlike)
    if (fix > 0) {
      const heard = f32x4.mul(f32x4.splat(loudness), v128.load(quiet))
      const heardMiddle = f32x4.pmax(middle, heard), heardSide = f32x4.pmax(side, heard)
      const both = f32x4.add(heardMiddle, heardSide)
      const limit = f32x4.mul(most, f32x4.pmin(f32x4.pmax(left, heard), f32x4.pmax(right, heard)))
      const isOver = v128.and(f32x4.gt(both, zero), f32x4.lt(limit, both))
      const less = f32x4.div(limit, both)
      middle = f32x4.pmin(middle, v128.bitselect(f32x4.mul(heardMiddle, less), heardMiddle, isOver))
      side = f32x4.pmin(side, v128.bitselect(f32x4.mul(heardSide, less), heardSide, isOver))
    }
    const isBand = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(bands))
    v128.store(thresholds, v128.bitselect(f32x4.pmin(middle, middleEnergy), oldMiddle, isBand), MIDDLE)
    v128.store(thresholds, v128.bitselect(f32x4.pmin(side, sideEnergy), oldSide, isBand), SIDE)
  }
}
