import type { Range } from '../ranges.ts'
import { aacObject } from './aac.ts'
import { type Box, boxAt, boxesIn, timescale, writeBox } from './boxes.ts'
import { chunksOf, FULL, type Sizes, sampleSizes, table } from './sample-table.ts'

/**
 * Frames of AAC that the engine is told of as one sample. FFmpeg counts the time from one frame of a sample to the next
 * in whole microseconds, cut off: behind eight it is less than half a sample of sound behind, up to this rate.
 */
const TOGETHER = 8
const HIGHEST_RATE = 48_000
/** Samples from which on that is done: 100 minutes at 44.1 kHz. The engine's table takes 24 bytes for each it is told of. */
const MANY = 2 ** 18
/** More are somebody's joke: they are two days. */
const MOST = 2 ** 23
const LARGEST_WORD = 0xffffffff
/** Low complexity, and the same with bands and stereo beside it (ISO 14496-3, 1.5.1). */
const OBJECTS: readonly (number | undefined)[] = [2, 5, 29]
const WORD = 4
/** What may stand beside the tables that are told anew. */
const KNOWN = 'stsd stts stsc stsz stco co64 sgpd sbgp'.split(' ')

/** A long track of sound whose frames can be told of by eights. */
export interface MergedSound {
  /** In the order of its samples, and of the file; all bytes of all samples. */
  chunks(): Iterable<Range>
  /** The boxes of its `stbl`, if all of the sound lay from `at` on (ISO 14496-12, 8.6 and 8.7). */
  tables(at: number): Buffer
}

/**
 * A decoder of AAC takes several frames from one sample, one after the other: an eighth of the samples is told of, and
 * one chunk. undefined for few samples, for those that are not all alike, and where some of them are not in the file, of
 * `size` bytes. Edits must be plain: FFmpeg leaves out whole samples.
 */
export function mergeSamples(
  bytes: Buffer,
  { track, stbl }: { readonly track: Box; readonly stbl: Box },
  size: number,
  many = MANY,
): MergedSound | undefined {
  const types = boxesIn(bytes, stbl).map(({ type }) => type)
  const isKnown = new Set(types).size === types.length && types.every((type) => KNOWN.includes(type))
  const [media, described] = [boxAt(bytes, track, 'mdia', 'mdhd'), boxAt(bytes, stbl, 'stsd')]
  const sizes = sampleSizes(bytes, stbl)
  // One size for all needs no table, and frames of AAC do not have it: a few bytes would stand for millions of samples.
  if (!isKnown || !media || !described || !sizes || sizes.same > 0) return undefined
  if (sizes.count < many || sizes.count > MOST) return undefined
  const times = readTimes(bytes, stbl, sizes.count)
  if (!times || timescale(bytes, media) > HIGHEST_RATE || !OBJECTS.includes(aacObject(bytes, stbl)))
    return undefined
  const chunks = () => chunksOf(bytes, stbl)
  if (lengthInOrder(chunks(), size) !== sizes.sum(0, sizes.count)) return undefined

  const groups = groupSizes(sizes)
  if (!groups) return undefined
  const count = groups.length / WORD
  const middle = count - 2
  const last = times.all - times.each - middle * TOGETHER * times.each
  if (Math.max(TOGETHER * times.each, last) > LARGEST_WORD) return undefined
  return {
    chunks,
    tables: (at) =>
      Buffer.concat([
        writeBox('stsd', [bytes.subarray(described.start, described.end)]),
        writeBox('stts', [0, 3, 1, times.each, middle, TOGETHER * times.each, 1, last]),
        writeBox('stsc', [0, 1, 1, count, 1]),
        writeBox('stsz', [0, 0, count, groups]),
        writeBox('co64', [0, 1, Math.floor(at / 2 ** 32), at % 2 ** 32]),
      ]),
  }
}

/**
 * A 32-bit word for the size of each sample that is told of, undefined where one is larger. The first stays alone: FFmpeg
 * cuts priming off from every frame of a sample that it is told of with.
 */
function groupSizes(sizes: Sizes): Buffer | undefined {
  const count = 1 + Math.ceil((sizes.count - 1) / TOGETHER)
  const words = Buffer.alloc(count * WORD)
  for (let group = 0, from = 0; group < count; group++) {
    const end = Math.min(sizes.count, 1 + group * TOGETHER)
    const size = sizes.sum(from, end)
    if (size > LARGEST_WORD) return undefined
    words.writeUInt32BE(size, group * WORD)
    from = end
  }
  return words
}

/** How long samples are, each and all, in units of the track; undefined where another than the last has its own length. */
function readTimes(bytes: Buffer, stbl: Box, samples: number): { each: number; all: number } | undefined {
  const rows = table(bytes, boxAt(bytes, stbl, 'stts'), FULL, 8)
  if (!rows || rows.count < 1 || rows.count > 2) return undefined
  const [told, each] = [rows.word(0, 0), rows.word(0, 4)]
  if (rows.count === 1) return told === samples ? { each, all: told * each } : undefined
  const isLast = told === samples - 1 && rows.word(1, 0) === 1
  return isLast ? { each, all: told * each + rows.word(1, 4) } : undefined
}

/** Bytes of the chunks where each lies behind the one before, and all before `size`; else NaN. */
function lengthInOrder(chunks: Iterable<Range>, size: number): number {
  let [length, known] = [0, 0]
  for (const { start, end } of chunks) {
    if (start < known) return Number.NaN
    length += end - start
    known = end
  }
  return known <= size ? length : Number.NaN
}
