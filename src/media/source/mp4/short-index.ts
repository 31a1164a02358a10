import { type Box, boxesIn, boxOfParts } from './boxes.ts'
import type { Word } from './hide-pictures.ts'

/** The boxes that lead from an index to the tables of a track, each in the one before. */
const PATH = 'moov trak mdia minf stbl'.split(' ')
/** Bytes of a row of each table that words may shorten (ISO 14496-12, 8.6 and 8.7). */
const ROW: Readonly<Record<string, number>> = {
  stts: 8,
  ctts: 8,
  stss: 4,
  stsc: 12,
  stsz: 4,
  stco: 4,
  co64: 8,
}
const WORD = 4

/**
 * The index `movie` with other contents of some boxes, known by where their own begin, and with tables that end where
 * `words` say so, which tell how many rows they have.
 */
export function shortIndex(
  bytes: Buffer,
  movie: Box,
  words: readonly Word[],
  others: ReadonlyMap<number, Buffer>,
): Buffer {
  const write = (box: Box, depth: number) => boxOfParts(box.type, [], contents(box, depth))
  const contents = (box: Box, depth: number): readonly Uint8Array[] => {
    const other = others.get(box.start)
    if (other) return [other]
    if (box.type !== PATH[depth]) return [shortened(bytes, box, words)]
    const boxes = boxesIn(bytes, box)
    // What is no box stays what it is.
    const rest = bytes.subarray(boxes.at(-1)?.end ?? box.start, box.end)
    return [...boxes.flatMap((inner) => write(inner, depth + 1)), rest]
  }
  return Buffer.concat(write(movie, 0))
}

function shortened(bytes: Buffer, { type, start, end }: Box, words: readonly Word[]): Buffer {
  const count = words.find(({ at }) => at >= start && at < end)
  if (!count) return bytes.subarray(start, end)
  const rows = count.at + WORD
  const table = Buffer.from(bytes.subarray(start, Math.min(end, rows + count.value * (ROW[type] ?? 0))))
  table.writeUInt32BE(count.value, count.at - start)
  return table
}
