import { letGo } from '../buffers.ts'
import type { ByteSource } from '../byte-source.ts'
import { mergeRanges, type Range } from '../ranges.ts'
import { asBuffer, BOX_HEADER, type Box, boxAt, boxesIn, readBox, wordsOf } from './boxes.ts'
import type { SoundTracks } from './fragment.ts'
import { hidePictures, type Word } from './hide-pictures.ts'
import { type MergedFile, mergeFile } from './merge-file.ts'
import { hasPlainEdits } from './plain-edits.ts'
import { chunksOf } from './sample-table.ts'

/** Where an MP4 or MOV keeps its index and its sound. */
export interface SoundMap {
  /** The movie box, header included, and its bytes unless they are too many to be kept. */
  readonly index: Range & { readonly bytes?: Buffer }
  /** Sorted; what lies closer together than the source's gap is one. */
  readonly sound: readonly Range[]
  /** Where the sound lies in fragments, which tell its places themselves; null where there are none. */
  readonly fragments: SoundTracks | null
  /** What the engine may be told in place of the index's own words where no picture is wanted. */
  readonly hiding: readonly Word[]
  /** See `hasPlainEdits`. */
  readonly hasPlainEdits: boolean
  /** Where there is much sound: what the engine may be told in place of the file where it is decoded. */
  readonly merged: MergedFile | undefined
}

/** A longer index is read by the engine as it comes: a day, with a chunk for every picture, has some 110 MB. */
const LONGEST_INDEX = 160 * 1024 * 1024
/** Bytes of it that are read at once. */
const PIECE = 8 * 1024 * 1024
/** A longer one is not kept: what is told in its place is short, and where nothing is it is read again. */
const LONGEST_KEPT = 64 * 1024 * 1024
/** Places that are known to hold sound: those of a whole day, in chunks of half a second. */
const MOST_RANGES = 200_000
const MOST_TRACKS = 8
/** Boxes before the index; more are somebody's joke. */
const MOST_BOXES = 64

/**
 * Reads the index of an MP4 or MOV, undefined for everything else. Only a help to read well: the engine reads the
 * index by itself, and a wrong one here costs no more than reads.
 */
export async function findSound(source: ByteSource, mayMerge = true): Promise<SoundMap | undefined> {
  const range = await findMovie(source)
  if (!range || range.end - range.start > LONGEST_INDEX) return undefined
  const bytes = await readIndex(source, range)
  const movie = readBox(bytes, 0, bytes.length)
  if (movie?.type !== 'moov') return undefined
  const tracks = tracksOf(bytes, movie, SOUND)
  const pictures = tracksOf(bytes, movie, PICTURE).slice(0, MOST_TRACKS)
  const hiding = hidePictures(bytes, movie, pictures)
  const isPlain = hasPlainEdits(bytes, movie, tracks)
  const map = {
    sound: mergeRanges(allChunks(bytes, tracks), source.gap, MOST_RANGES),
    fragments: fragmentTracks(bytes, movie, tracks),
    hasPlainEdits: isPlain,
    hiding: hiding.map(({ at, value }) => ({ at: range.start + at, value })),
    merged: mayMerge && isPlain ? mergeFile({ bytes, movie, size: source.size, hiding, tracks }) : undefined,
  }
  const isKept = bytes.length <= LONGEST_KEPT
  if (!isKept) letGo(bytes)
  return { ...map, index: isKept ? { ...range, bytes } : range }
}

/** Piece by piece, because each that comes is a sign of life. */
async function readIndex(source: ByteSource, { start, end }: Range): Promise<Buffer> {
  const length = end - start
  if (length <= PIECE) return asBuffer(await source.read(start, length))
  const all = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length; at += PIECE) {
    const piece = await source.read(start + at, Math.min(PIECE, length - at))
    all.set(piece, at)
    letGo(piece)
  }
  return all
}

function* allChunks(bytes: Buffer, tracks: readonly Track[]): Generator<Range> {
  for (const { stbl } of tracks.slice(0, MOST_TRACKS)) yield* chunksOf(bytes, stbl)
}

async function findMovie(source: ByteSource): Promise<Range | undefined> {
  for (let at = 0, turn = 0; at < source.size && turn < MOST_BOXES; turn++) {
    const header = await source.read(at, Math.min(BOX_HEADER, source.size - at))
    const box = readBox(asBuffer(header), 0, source.size, at)
    if (!box || (turn === 0 && !FIRST_BOXES.includes(box.type))) return undefined
    if (box.type === 'moov') return { start: at, end: box.end }
    at = box.end
  }
  return undefined
}

/** `soun` and `vide`, types of the handlers of sound and picture (8.4.3). */
const SOUND = 0x736f756e
const PICTURE = 0x76696465

/** What an MP4 or MOV begins with. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']

interface Track {
  readonly id: number
  readonly track: Box
  readonly stbl: Box
}

function tracksOf(bytes: Buffer, movie: Box, type: number): Track[] {
  return boxesIn(bytes, movie, 'trak').flatMap((track) => {
    const header = boxAt(bytes, track, 'tkhd')
    const handler = boxAt(bytes, track, 'mdia', 'hdlr')
    const stbl = boxAt(bytes, track, 'mdia', 'minf', 'stbl')
    if (!header || !handler || !stbl || wordsOf(bytes, handler)[2] !== type) return []
    // Two times stand before the id, of 64 bits each in version 1 (8.3.2).
    const [version = 0, ...words] = wordsOf(bytes, header)
    const id = words[version >>> 24 === 1 ? 4 : 2] ?? 0
    return [{ id, track, stbl }]
  })
}

/** The sizes of samples that fragments may leave out, from `trex` (8.8.3); null where there are no fragments. */
function fragmentTracks(bytes: Buffer, movie: Box, tracks: readonly Track[]): SoundTracks | null {
  const fragments = boxAt(bytes, movie, 'mvex')
  if (!fragments) return null
  const sizes = new Map(
    boxesIn(bytes, fragments, 'trex').map((trex) => {
      const [, id = 0, , , size = 0] = wordsOf(bytes, trex)
      return [id, size]
    }),
  )
  return new Map(tracks.map(({ id }) => [id, sizes.get(id) ?? 0]))
}
