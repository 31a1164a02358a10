import type { ResultWriter } from '../ffmpeg/result-writer.ts'
import { BOX_HEADER, type Box, boxAt, boxesIn, longHeader, readBox, wordsOf } from '../source/mp4/boxes.ts'
import { readRun, readTrackHeader, type Sample } from '../source/mp4/fragment.ts'
import { writeMovie } from './movie.ts'
import { HEADER, takeBoxes } from './take-boxes.ts'
import { TrackTable } from './track-table.ts'

/**
 * Makes an MP4 that every player knows of one in fragments, as it is written: the sound goes on to `into` as it comes, in
 * one box, and behind it the index. The engine forgets a fragment once it is written; its own index would take 71 bytes
 * for each frame, 110 MB for ten hours.
 */
export function joinFragments(into: ResultWriter): ResultWriter {
  const tables = new Map<number, TrackTable>()
  let index: Buffer | undefined
  let size = 0
  /** Where the box of the sound begins. */
  let soundAt = 0

  const put = (bytes: Uint8Array) => {
    into.write(bytes, size)
    size += bytes.length
  }
  const take = takeBoxes({
    whole: ['ftyp', 'moov', 'moof'],
    onBox(type, bytes, at) {
      if (type === 'moov') index = bytes
      // Its sound comes right behind it, in a box of its own.
      if (type === 'moof') addFragment(tables, bytes, at, size - (at + bytes.length + HEADER))
      if (type !== 'ftyp') return
      put(bytes)
      soundAt = size
      put(longHeader('mdat', 0))
    },
    onContents(type, bytes) {
      if (type === 'mdat') put(bytes)
    },
  })
  return {
    write: take,
    flush() {
      if (index) {
        into.write(longHeader('mdat', size - soundAt - BOX_HEADER), soundAt)
        for (const part of writeMovie(index, tables)) put(part)
      }
      into.flush()
    },
  }
}

/** Adds the samples of the fragment that lies at `at`; in the result they lie `shift` bytes further on. */
function addFragment(tables: Map<number, TrackTable>, bytes: Buffer, at: number, shift: number): void {
  const moof = readBox(bytes, 0, bytes.length)
  for (const traf of moof ? boxesIn(bytes, moof, 'traf') : []) {
    const header = readTrackHeader(bytes, traf, at)
    const tfdt = boxAt(bytes, traf, 'tfdt')
    if (!header || !tfdt) throw broken()
    const table = tables.get(header.track) ?? new TrackTable()
    tables.set(header.track, table)
    table.goOnAt(readTime(bytes, tfdt))
    for (const trun of boxesIn(bytes, traf, 'trun')) {
      const samples: Sample[] = []
      const run = readRun(wordsOf(bytes, trun, Number.POSITIVE_INFINITY), header, (each) =>
        samples.push(each),
      )
      if (!run) throw broken()
      table.addChunk(run.start + shift, samples)
    }
  }
}

/** When a fragment begins, in units of the track: 64 bits in version 1 (8.8.12). */
function readTime(bytes: Buffer, tfdt: Box): number {
  const [version = 0, first = 0, second = 0] = wordsOf(bytes, tfdt)
  return version >>> 24 === 1 ? first * 2 ** 32 + second : first
}

const broken = () => new Error('a fragment of the result is broken')
