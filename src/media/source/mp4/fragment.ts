import type { Range } from '../ranges.ts'
import { type Box, boxAt, boxesIn, readBox, wordsOf } from './boxes.ts'

/** Flags of `tfhd` and `trun` (ISO 14496-12, 8.8.7 and 8.8.8): which fields there are. */
const BASE_OFFSET = 0x1
const DESCRIPTION = 0x2
const DURATION = 0x8
const SIZE = 0x10
const DATA_OFFSET = 0x1
const FIRST_FLAGS = 0x4
const SAMPLE_DURATION = 0x100
const SAMPLE_SIZE = 0x200
/** Fields of each sample, in their order: duration, size, flags, composition offset. */
const SAMPLE_FIELDS = [SAMPLE_DURATION, SAMPLE_SIZE, 0x400, 0x800]

/** Words of a run that are looked at: 4,000 samples are more than a minute. */
const MOST_WORDS = 16_000

/** Sound tracks by id, with the size of their samples where a fragment does not tell it. */
export type SoundTracks = ReadonlyMap<number, number>

/** Where a fragment keeps its sound. `bytes` are its `moof`, which lies at `at` in the file. */
export function soundInFragment(bytes: Buffer, at: number, tracks: SoundTracks): Range[] {
  const moof = readBox(bytes, 0, bytes.length)
  if (moof?.type !== 'moof') return []
  return boxesIn(bytes, moof, 'traf').flatMap((traf) => soundInTrack(bytes, traf, at, tracks))
}

function soundInTrack(bytes: Buffer, traf: Box, at: number, tracks: SoundTracks): Range[] {
  const header = readTrackHeader(bytes, traf, at)
  const size = header && tracks.get(header.track)
  if (!header || size === undefined) return []
  return boxesIn(bytes, traf, 'trun').flatMap((trun) => {
    const run = readRun(wordsOf(bytes, trun, MOST_WORDS), { ...header, size: header.size ?? size })
    return run && run.start >= 0 && run.length > 0 ? [{ start: run.start, end: run.start + run.length }] : []
  })
}

/** What a fragment tells of one of its tracks, for all of its samples. */
interface TrackHeader {
  readonly track: number
  /** From where places are counted. */
  readonly base: number
  readonly duration: number | undefined
  readonly size: number | undefined
}

/** From `tfhd`; undefined where there is none. The fragment lies at `at` in the file. */
export function readTrackHeader(bytes: Buffer, traf: Box, at: number): TrackHeader | undefined {
  const tfhd = boxAt(bytes, traf, 'tfhd')
  if (!tfhd) return undefined
  const next = fields(wordsOf(bytes, tfhd))
  const flags = next() & 0xffffff
  const track = next()
  const base = flags & BASE_OFFSET ? next() * 2 ** 32 + next() : at
  if (flags & DESCRIPTION) next()
  const duration = flags & DURATION ? next() : undefined
  return { track, base, duration, size: flags & SIZE ? next() : undefined }
}

export interface Sample {
  readonly size: number
  readonly duration: number
}

/** Samples that lie together from `start` on, `length` bytes in all. */
interface Run {
  readonly start: number
  readonly length: number
}

/**
 * A run of samples, from the words of its `trun`; each is told to `onSample`. undefined where it does not tell its place:
 * it follows another, and is read on with that. Also where there are too many to tell of each.
 */
export function readRun(
  words: readonly number[],
  { base, duration: sameDuration = 0, size: sameSize = 0 }: TrackHeader,
  onSample?: (sample: Sample) => void,
): Run | undefined {
  const next = fields(words)
  const flags = next() & 0xffffff
  const count = next()
  if (!(flags & DATA_OFFSET)) return undefined
  const start = base + (next() | 0)
  if (flags & FIRST_FLAGS) next()
  const perSample = SAMPLE_FIELDS.filter((flag) => flags & flag)
  const [size, duration] = [perSample.indexOf(SAMPLE_SIZE), perSample.indexOf(SAMPLE_DURATION)]
  if (perSample.length === 0 && !onSample) return { start, length: count * sameSize }
  const samples = Math.min(count, perSample.length > 0 ? words.length : MOST_WORDS)
  if (onSample && samples < count) return undefined
  let length = 0
  for (let sample = 0; sample < samples; sample++) {
    const told = perSample.map(next)
    const each = { size: told[size] ?? sameSize, duration: told[duration] ?? sameDuration }
    length += each.size
    onSample?.(each)
  }
  return { start, length }
}

/** One word after another; 0 behind the last. */
function fields(words: readonly number[]): () => number {
  let place = 0
  return () => words[place++] ?? 0
}
