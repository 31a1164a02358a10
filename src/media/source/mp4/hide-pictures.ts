import { type Box, boxAt, boxesIn, wordsOf } from './boxes.ts'
import { type Edit, readEdit } from './edits.ts'
import { chunkTable, FULL, type Table, table } from './sample-table.ts'

/** A 32-bit word that the engine is told in place of the file's own. */
export interface Word {
  readonly at: number
  readonly value: number
}

/** A track of picture, and the box of its tables. */
export interface PictureTrack {
  readonly track: Box
  readonly stbl: Box
}

/**
 * Samples of a picture that the engine is told of, at least: those it looks at to know the file. It keeps some 35 bytes
 * for each it is told of, though none is asked for.
 */
const TOLD = 2000

/** What may stand beside tables that are shortened; anything else might rest on the samples that are left out. */
const KNOWN = 'stsd stts ctts cslg stss stps sdtp stsc stsz stco co64 sgpd sbgp'.split(' ')

/**
 * The words that shorten the tables of pictures (ISO 14496-12, 8.6 and 8.7) to their first samples. A track keeps its
 * place and kind, and its beginning, from which FFmpeg counts the times of the sound too. None for fragments, and for a
 * track that does not begin with its first samples.
 */
export function hidePictures(bytes: Buffer, movie: Box, pictures: readonly PictureTrack[]): Word[] {
  // Without a header that tells the length of the whole, the longest track does.
  if (!boxAt(bytes, movie, 'mvhd') || boxAt(bytes, movie, 'mvex')) return []
  return pictures.flatMap((picture) => shorten(bytes, picture))
}

function shorten(bytes: Buffer, { track, stbl }: PictureTrack): Word[] {
  const types = boxesIn(bytes, stbl).map(({ type }) => type)
  if (new Set(types).size < types.length || types.some((type) => !KNOWN.includes(type))) return []
  const tableOf = (type: string, width: number) => table(bytes, boxAt(bytes, stbl, type), FULL, width)
  const sizes = boxAt(bytes, stbl, 'stsz')
  const [chunks, runs, times] = [chunkTable(bytes, stbl), tableOf('stsc', 12), tableOf('stts', 8)]
  const [offsets, keys] = [tableOf('ctts', 8), tableOf('stss', 4)]
  if (!sizes || !chunks || !runs || !times) return []

  const first = firstSamples(chunks.count, runs)
  const [, , samples = 0] = wordsOf(bytes, sizes)
  const isSure =
    first.samples < samples &&
    beginsBefore(readEdit(bytes, track), timeOf(times, TOLD / 2)) &&
    isEven(offsets, first.samples)
  if (!isSure) return []
  return [
    { at: chunks.countAt, value: first.chunks },
    { at: runs.countAt, value: rowsUpTo(runs, first.chunks) },
    { at: sizes.start + FULL + 4, value: first.samples },
    { at: times.countAt, value: rowsFor(times, first.samples) },
    ...(offsets ? [{ at: offsets.countAt, value: rowsOfOffsets(offsets, first.samples) }] : []),
    // A table without a key would mean that all samples are keys.
    ...(keys?.count ? [{ at: keys.countAt, value: Math.max(1, rowsUpTo(keys, first.samples)) }] : []),
  ]
}

/** As many whole chunks as have TOLD samples, and how many samples they have. */
function firstSamples(count: number, runs: Table): { chunks: number; samples: number } {
  let [chunks, samples] = [0, 0]
  for (let run = -1; chunks < count && samples < TOLD; chunks++) {
    while (run + 1 < runs.count && runs.word(run + 1, 0) <= chunks + 1) run++ // a run tells its first chunk, from 1
    samples += run < 0 ? 0 : runs.word(run, 4)
  }
  return { chunks, samples }
}

/** The rows, sorted by their first word, in which it is at most `last`. */
function rowsUpTo(rows: Table, last: number): number {
  let row = 0
  while (row < rows.count && rows.word(row, 0) <= last) row++
  return row
}

/** The rows, each for as many samples as its first word says, that so many samples need. */
function rowsFor(rows: Table, samples: number): number {
  let row = 0
  for (let told = 0; row < rows.count && told < samples; row++) told += rows.word(row, 0)
  return row
}

/** FFmpeg passes over the last two when it looks for the lowest offset. */
const PASSED = 2
const rowsOfOffsets = (offsets: Table, samples: number) =>
  Math.min(offsets.count, rowsFor(offsets, samples) + PASSED)

/** FFmpeg takes all of a table for broken that has an offset beyond this. */
const FARTHEST = 2 ** 28

/** Is no offset behind the first samples lower than theirs, which would shift the clock, or beyond all measure? */
function isEven(offsets: Table | undefined, samples: number): boolean {
  if (!offsets) return true
  const known = rowsFor(offsets, samples)
  let lowest = 0
  for (let row = 0; row < offsets.count; row++) {
    const offset = offsets.word(row, 4) | 0
    if (row < known) lowest = Math.min(lowest, offset)
    else if (offset < lowest || offset > FARTHEST) return false
  }
  return true
}

/** When the sample behind so many begins, in units of the track. */
function timeOf(times: Table, samples: number): number {
  let time = 0
  for (let row = 0, left = samples; row < times.count && left > 0; row++) {
    time += Math.min(left, times.word(row, 0)) * times.word(row, 4)
    left -= times.word(row, 0)
  }
  return time
}

/** Is there one edit, and does it begin before this time? */
const beginsBefore = (edit: Edit | undefined, time: number) => edit !== undefined && edit.start < time
