import type { Range } from '../ranges.ts'
import { type Box, boxAt, boxesIn, readBox, wordsOf } from './boxes.ts'

/** Flags of `tfhd` and `trun` (ISO 14496-12, 8.8.7 and 8.8.8): which fields there are. */
const BASE_OFFSET = 0x1
const DESCRIPTION = 0x2
const DURATION = 0x8
const SIZE = 0x10
const DATA_OFFSET = 0x1
const FIRST_FLAGS = 0x4
const SAMPLE_SIZE = 0x200
/** Fields of each sample, in their order: duration, size, flags, composition offset. */
const SAMPLE_FIELDS = [0x100, SAMPLE_SIZE, 0x400, 0x800]

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
  const tfhd = boxAt(bytes, traf, 'tfhd')
  if (!tfhd) return []
  const next = fields(wordsOf(bytes, tfhd))
  const flags = next() & 0xffffff
  const trackSize = tracks.get(next())
  if (trackSize === undefined) return []
  const base = flags & BASE_OFFSET ? next() * 2 ** 32 + next() : at
  if (flags & DESCRIPTION) next()
  if (flags & DURATION) next()
  const size = flags & SIZE ? next() : trackSize
  return boxesIn(bytes, traf, 'trun').flatMap((trun) => runOf(wordsOf(bytes, trun, MOST_WORDS), base, size))
}

/** Nothing where the run does not tell its place: it follows another, and is read on with that. */
function runOf(words: readonly number[], base: number, sameSize: number): Range[] {
  const next = fields(words)
  const flags = next() & 0xffffff
  const count = next()
  if (!(flags & DATA_OFFSET)) return []
  const start = base + (next() | 0)
  if (flags & FIRST_FLAGS) next()
  const perSample = SAMPLE_FIELDS.filter((flag) => flags & flag)
  const told = perSample.indexOf(SAMPLE_SIZE)
  const samples = Math.min(count, told < 0 ? count : words.length)
  let length = told < 0 ? samples * sameSize : 0
  for (let sample = 0; told >= 0 && sample < samples; sample++) length += perSample.map(next)[told] ?? 0
  return start >= 0 && length > 0 ? [{ start, end: start + length }] : []
}

/** One word after another; 0 behind the last. */
function fields(words: readonly number[]): () => number {
  let place = 0
  return () => words[place++] ?? 0
}
