import { isAac } from './aac.ts'
import { type Box, boxAt, timescale } from './boxes.ts'
import { readEdit } from './edits.ts'
import { FULL, table } from './sample-table.ts'

/** Samples per channel that an encoder of AAC may put before the sound: two frames and a bit, as a rule. */
const MOST_PRIMING = 4096
/** At rates up to this one AAC may double its rate, and what is left out at the beginning counts in the other. */
const DOUBLED = 24_000

/**
 * Does the sound of an MP4 begin and end where its samples do, but for what an encoder of AAC put before it? Then the
 * engine needs no second table of all samples to know what to play, see `PLAIN_EDITS`.
 */
export function hasPlainEdits(
  bytes: Buffer,
  movie: Box,
  sounds: readonly { readonly track: Box }[],
): boolean {
  const header = boxAt(bytes, movie, 'mvhd')
  if (!header || boxAt(bytes, movie, 'mvex')) return false
  return sounds.every(({ track }) => isPlain(bytes, track, timescale(bytes, header)))
}

function isPlain(bytes: Buffer, track: Box, unit: number): boolean {
  const edit = readEdit(bytes, track)
  const media = boxAt(bytes, track, 'mdia', 'mdhd')
  const stbl = boxAt(bytes, track, 'mdia', 'minf', 'stbl')
  if (!edit || !media || !stbl) return false
  if (edit.length === Number.POSITIVE_INFINITY) return true
  const rate = timescale(bytes, media)
  const begins = edit.start === 0 || (edit.start <= MOST_PRIMING && rate > DOUBLED && isAac(bytes, stbl))
  return begins && edit.start + (edit.length * rate) / unit > lastStart(bytes, stbl)
}

/** When the last sample begins, in units of the track; Infinity where nothing tells it. */
function lastStart(bytes: Buffer, stbl: Box): number {
  const times = table(bytes, boxAt(bytes, stbl, 'stts'), FULL, 8)
  if (!times?.count) return Number.POSITIVE_INFINITY
  let end = 0
  for (let row = 0; row < times.count; row++) end += times.word(row, 0) * times.word(row, 4)
  return end - times.word(times.count - 1, 4)
}
