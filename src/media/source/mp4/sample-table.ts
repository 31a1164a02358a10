import type { Range } from '../ranges.ts'
import { type Box, boxAt, wordsOf } from './boxes.ts'

/** Version and flags of a full box (ISO 14496-12, 4.2). */
const FULL = 4

/** The chunks of a track, from the tables of its `stbl` (ISO 14496-12, 8.6 and 8.7), `most` at most. */
export function* chunksOf(bytes: Buffer, stbl: Box, most: number): Generator<Range> {
  const offsets = chunkOffsets(bytes, stbl)
  const sizes = sampleSizes(bytes, stbl)
  const runs = table(bytes, boxAt(bytes, stbl, 'stsc'), FULL, 12)
  if (!offsets || !sizes || !runs) return
  let sample = 0
  for (let chunk = 0, run = -1; chunk < Math.min(offsets.count, most); chunk++) {
    while (run + 1 < runs.count && runs.word(run + 1, 0) <= chunk + 1) run++ // a run tells its first chunk, from 1
    const end = Math.min(sample + (run < 0 ? 0 : runs.word(run, 4)), sizes.count)
    const start = offsets.at(chunk)
    yield { start, end: start + sizes.sum(sample, end) }
    sample = end
  }
}

interface Sizes {
  readonly count: number
  /** Bytes of the samples from `from` up to, not including, `to`. */
  sum(from: number, to: number): number
}

function chunkOffsets(bytes: Buffer, stbl: Box) {
  const small = table(bytes, boxAt(bytes, stbl, 'stco'), FULL, 4)
  if (small) return { count: small.count, at: (index: number) => small.word(index, 0) }
  const large = table(bytes, boxAt(bytes, stbl, 'co64'), FULL, 8)
  const at = (index: number) => (large ? large.word(index, 0) * 2 ** 32 + large.word(index, 4) : 0)
  return large && { count: large.count, at }
}

/** 8.7.3: one size for all, or a table. The compact form (`stz2`) is rare enough to be read as it comes. */
function sampleSizes(bytes: Buffer, stbl: Box): Sizes | undefined {
  const stsz = boxAt(bytes, stbl, 'stsz')
  const [, same = 0, count = 0] = stsz ? wordsOf(bytes, stsz) : []
  if (same > 0) return { count, sum: (from, to) => (to - from) * same }
  const sizes = table(bytes, stsz, FULL + 4, 4)
  if (!sizes) return undefined
  const sum = (from: number, to: number) => {
    let bytesOfAll = 0
    for (let sample = from; sample < to; sample++) bytesOfAll += sizes.word(sample, 0)
    return bytesOfAll
  }
  return { count: sizes.count, sum }
}

/** Rows of `width` bytes behind a count; no more of them than the box has room for. */
function table(bytes: Buffer, box: Box | undefined, countAt: number, width: number) {
  if (!box || box.start + countAt + 4 > box.end) return undefined
  const first = box.start + countAt + 4
  const count = Math.min(bytes.readUInt32BE(first - 4), Math.floor((box.end - first) / width))
  return { count, word: (row: number, place: number) => bytes.readUInt32BE(first + row * width + place) }
}
