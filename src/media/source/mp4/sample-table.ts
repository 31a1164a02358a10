import type { Range } from '../ranges.ts'
import { type Box, boxAt, wordsOf } from './boxes.ts'

/** Bytes of version and flags of a full box (ISO 14496-12, 4.2). */
export const FULL = 4

/** Rows of a few words. */
export interface Table {
  readonly count: number
  /** Where the word lies that tells it. */
  readonly countAt: number
  /** The word that lies `place` bytes into a row. */
  word(row: number, place: number): number
}

/** The chunks of a track, from the tables of its `stbl` (ISO 14496-12, 8.6 and 8.7). */
export function* chunksOf(bytes: Buffer, stbl: Box): Generator<Range> {
  const offsets = chunkTable(bytes, stbl)
  const sizes = sampleSizes(bytes, stbl)
  const runs = table(bytes, boxAt(bytes, stbl, 'stsc'), FULL, 12)
  if (!offsets || !sizes || !runs) return
  let sample = 0
  for (let chunk = 0, run = -1; chunk < offsets.count; chunk++) {
    while (run + 1 < runs.count && runs.word(run + 1, 0) <= chunk + 1) run++ // a run tells its first chunk, from 1
    const end = Math.min(sample + (run < 0 ? 0 : runs.word(run, 4)), sizes.count)
    const start = offsets.at(chunk)
    yield { start, end: start + sizes.sum(sample, end) }
    sample = end
  }
}

export interface Sizes {
  readonly count: number
  /** The size of every sample; 0: each has its own. */
  readonly same: number
  /** Bytes of the samples from `from` up to, not including, `to`. */
  sum(from: number, to: number): number
}

/** Where the chunks lie: a table (8.7.5) whose rows `at` reads. */
export function chunkTable(bytes: Buffer, stbl: Box) {
  const small = table(bytes, boxAt(bytes, stbl, 'stco'), FULL, 4)
  if (small) return { ...small, at: (index: number) => small.word(index, 0) }
  const large = table(bytes, boxAt(bytes, stbl, 'co64'), FULL, 8)
  const at = (index: number) => (large ? large.word(index, 0) * 2 ** 32 + large.word(index, 4) : 0)
  return large && { ...large, at }
}

/** 8.7.3: one size for all, or a table. The compact form (`stz2`) is rare enough to be read as it comes. */
export function sampleSizes(bytes: Buffer, stbl: Box): Sizes | undefined {
  const stsz = boxAt(bytes, stbl, 'stsz')
  const [, same = 0, count = 0] = stsz ? wordsOf(bytes, stsz) : []
  if (same > 0) return { count, same, sum: (from, to) => (to - from) * same }
  const sizes = table(bytes, stsz, FULL + 4, 4)
  if (!sizes) return undefined
  const sum = (from: number, to: number) => {
    let bytesOfAll = 0
    for (let sample = from; sample < to; sample++) bytesOfAll += sizes.word(sample, 0)
    return bytesOfAll
  }
  return { count: sizes.count, same, sum }
}

/** Rows of `width` bytes behind a count, `behind` bytes into the box; no more of them than it has room for. */
export function table(bytes: Buffer, box: Box | undefined, behind: number, width: number): Table | undefined {
  if (!box || box.start + behind + 4 > box.end) return undefined
  const countAt = box.start + behind
  const first = countAt + 4
  const count = Math.min(bytes.readUInt32BE(countAt), Math.floor((box.end - first) / width))
  return { count, countAt, word: (row, place) => bytes.readUInt32BE(first + row * width + place) }
}
