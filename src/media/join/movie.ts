import { decodingOf } from '../source/mp4/aac.ts'
import {
  type Box,
  boxAt,
  boxesIn,
  boxOfParts,
  readBox,
  timescale,
  wordsOf,
  writeBox,
} from '../source/mp4/boxes.ts'
import type { TrackTable } from './track-table.ts'

/** Bytes of the header of a box in an index. */
const HEADER = 8
/** A track, and the boxes of it in which others are changed. */
const OUTER = ['trak', 'edts', 'mdia', 'minf']
/** Where boxes of version 0 have their duration (ISO 14496-12, 8.2.2, 8.3.2). */
const DURATION = { mvhd: 16, tkhd: 20 } as const
/** Where such a header of the movie tells an id that no track has. */
const NEXT_ID = 96
/** Where the rows of an edit list begin, and their length; they begin with a duration and a time (8.6.6). */
const EDITS = 8
const EDIT = 12
/** A duration beyond it takes 64 bits. */
const LONG = 2 ** 32

/**
 * The index of the whole: the one that came before the first fragment (8.8), which tells of no sample, with the tables
 * of its tracks, by their ids: in parts. Tracks without a sample are left out.
 */
export function writeMovie(bytes: Buffer, tables: ReadonlyMap<number, TrackTable>): Uint8Array[] {
  const movie = readBox(bytes, 0, bytes.length)
  const header = movie && boxAt(bytes, movie, 'mvhd')
  if (!movie || !header) throw new Error('the index of the result is broken')
  const units = timescale(bytes, header)
  const tracks = boxesIn(bytes, movie, 'trak').flatMap((trak) => writeTrack(bytes, trak, units, tables))
  const longest = Math.max(0, ...tracks.map(({ duration }) => duration))
  const nextId = Math.max(0, ...tables.keys()) + 1
  const rest = boxesIn(bytes, movie).filter(({ type }) => !['mvhd', 'trak', 'mvex'].includes(type))
  return boxOfParts(
    'moov',
    [],
    [
      withWords(bytes, header, [DURATION.mvhd, longest], [NEXT_ID, nextId]),
      ...tracks.flatMap(({ box }) => box),
      ...rest.map((box) => asItIs(bytes, box)),
    ],
  )
}

/** The box of a track that has samples, and its duration, in `units` of the movie. */
function writeTrack(bytes: Buffer, trak: Box, units: number, tables: ReadonlyMap<number, TrackTable>) {
  const [tkhd, mdhd] = [boxAt(bytes, trak, 'tkhd'), boxAt(bytes, trak, 'mdia', 'mdhd')]
  const table = tkhd && tables.get(trackId(bytes, tkhd))
  if (!mdhd || !table?.samples) return []
  const { delay, begin, last } = readEdits(bytes, boxAt(bytes, trak, 'edts', 'elst'))
  const mediaUnits = timescale(bytes, mdhd)
  const played = Math.max(0, Math.ceil(((table.duration - begin) * units) / mediaUnits))
  const bitrate = Math.floor((table.bytes * 8 * mediaUnits) / Math.max(1, table.duration))
  const write = (box: Box): Uint8Array[] => {
    if (OUTER.includes(box.type)) return boxOfParts(box.type, [], boxesIn(bytes, box).flatMap(write))
    if (box.type === 'tkhd') return [withWords(bytes, box, [DURATION.tkhd, delay + played])]
    if (box.type === 'elst') return [withWords(bytes, box, [last, played])]
    if (box.type === 'mdhd') return [mediaHeader(bytes, box, table.duration)]
    if (box.type === 'stbl') return writeTables(bytes, box, table, bitrate)
    return [asItIs(bytes, box)]
  }
  return [{ box: write(trak), duration: delay + played }]
}

/** It stands behind two times, which have 64 bits each in version 1. */
function trackId(bytes: Buffer, tkhd: Box): number {
  const words = wordsOf(bytes, tkhd)
  return words[bytes[tkhd.start] === 1 ? 5 : 3] ?? 0
}

/** What lies before the sound, in units of the movie, and where the last edit begins, in units of the track. `last`: its place. */
function readEdits(bytes: Buffer, elst: Box | undefined) {
  const [, count = 0, ...words] = elst ? wordsOf(bytes, elst) : []
  const last = Math.max(0, count - 1)
  const [, begin = 0] = words.slice((last * EDIT) / 4)
  return { delay: last > 0 ? (words[0] ?? 0) : 0, begin, last: EDITS + last * EDIT }
}

/** The same with its tables filled, and where sound begins: AAC needs the frame before (10.1). */
function writeTables(bytes: Buffer, stbl: Box, table: TrackTable, bitrate: number): Uint8Array[] {
  const stsd = boxAt(bytes, stbl, 'stsd')
  if (!stsd) throw new Error('a track of the result is not described')
  const decoding = decodingOf(bytes, stbl)
  if (decoding !== undefined) tellBitrate(bytes, decoding, bitrate)
  const groups = decoding === undefined ? [] : rollBack(table.samples)
  return boxOfParts('stbl', [], [asItIs(bytes, stsd), ...table.toBoxes(), ...groups])
}

/** In bit/s, at most and on average: what is told is that of the first fragment. */
function tellBitrate(bytes: Buffer, decoding: number, bitrate: number): void {
  const [most, average] = [decoding + 5, decoding + 9]
  bytes.writeUInt32BE(Math.max(bytes.readUInt32BE(most), bitrate), most)
  bytes.writeUInt32BE(bitrate, average)
}

/** All samples are in the one group of those that need one before. */
function rollBack(samples: number): Buffer[] {
  const roll = Buffer.from('roll')
  const oneBefore = Buffer.from([0xff, 0xff])
  return [
    writeBox('sgpd', [0x01000000, roll, oneBefore.length, 1, oneBefore]),
    writeBox('sbgp', [0, roll, 1, samples, 1]),
  ]
}

function mediaHeader(bytes: Buffer, mdhd: Box, duration: number): Buffer {
  const [version = 0, made = 0, changed = 0, units = 0, , language = 0] = wordsOf(bytes, mdhd)
  if (version !== 0) throw new Error('the media header of the result has fields of 64 bits')
  return duration < LONG
    ? writeBox('mdhd', [version, made, changed, units, duration, language])
    : writeBox('mdhd', [
        ...[0x01000000, 0, made, 0, changed, units],
        ...[Math.floor(duration / LONG), duration % LONG, language],
      ])
}

/** A full box with other words at places of its contents; all ones, which is not known, where one is beyond 32 bits. */
function withWords(
  bytes: Buffer,
  { type, start, end }: Box,
  ...words: readonly (readonly [place: number, word: number])[]
): Buffer {
  const contents = Buffer.from(bytes.subarray(start, end))
  if (contents[0] !== 0) throw new Error(`a box of the result, ${type}, has fields of 64 bits`)
  for (const [place, word] of words) contents.writeUInt32BE(Math.min(word, LONG - 1), place)
  return writeBox(type, [contents])
}

const asItIs = (bytes: Buffer, { start, end }: Box) => bytes.subarray(start - HEADER, end)
