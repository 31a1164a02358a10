import { type Box, boxAt, wordsOf } from './boxes.ts'
import { FULL, table } from './sample-table.ts'

/** The one part of a track that is played (ISO 14496-12, 8.6.6); a time without sound or picture may lie before it. */
export interface Edit {
  /** Where it begins, in units of the track. */
  readonly start: number
  /** In units of the movie; Infinity for a track without a list. */
  readonly length: number
}

/** The start of an edit that is empty. */
const EMPTY = -1
/** A rate of 1. */
const AS_IT_IS = 0x10000

/** The one edit of `track`, all of it where it has none; undefined for several, or one at another speed. */
export function readEdit(bytes: Buffer, track: Box): Edit | undefined {
  const list = boxAt(bytes, track, 'edts', 'elst')
  if (!list) return { start: 0, length: Number.POSITIVE_INFINITY }
  const isLong = (wordsOf(bytes, list)[0] ?? 0) >>> 24 === 1
  const rows = table(bytes, list, FULL, isLong ? 20 : 12)
  if (!rows || rows.count > 2) return undefined
  const edits = Array.from({ length: rows.count }, (_, row) => {
    const words = Array.from({ length: isLong ? 5 : 3 }, (_, place) => rows.word(row, place * 4))
    const [high = 0, length = 0, startHigh = 0, start = 0, rate] = isLong ? words : widened(words)
    return { start: (startHigh | 0) * 2 ** 32 + start, length: high * 2 ** 32 + length, rate }
  })
  if (edits[0]?.start === EMPTY) edits.shift()
  const [edit, ...others] = edits
  return edit && others.length === 0 && edit.start >= 0 && edit.rate === AS_IT_IS ? edit : undefined
}

/** A row of version 0 as one of version 1. */
const widened = ([length = 0, start = 0, rate = 0]: readonly number[]) => [
  0,
  length,
  start >> 31,
  start,
  rate,
]
