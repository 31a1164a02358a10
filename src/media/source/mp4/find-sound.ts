import type { ByteSource } from '../byte-source.ts'
import { mergeRanges, type Range } from '../ranges.ts'
import { asBuffer, BOX_HEADER, type Box, boxAt, boxesIn, readBox, wordsOf } from './boxes.ts'
import type { SoundTracks } from './fragment.ts'
import { chunksOf } from './sample-table.ts'

/** Where an MP4 or MOV keeps its index and its sound. */
export interface SoundMap {
  /** The movie box, header included, and its bytes. */
  readonly index: Range & { readonly bytes: Buffer }
  /** Sorted; what lies closer together than the source's gap is one. */
  readonly sound: readonly Range[]
  /** Where the sound lies in fragments, which tell its places themselves; null where there are none. */
  readonly fragments: SoundTracks | null
}

/** A longer index is read by the engine as it comes: eight hours of video have about 20 MB. */
const LONGEST_INDEX = 32 * 1024 * 1024
/** Chunks of a track that are known by their places: of half a second, those of a whole day. */
const MOST_CHUNKS = 200_000
const MOST_TRACKS = 8
/** Boxes before the index; more are somebody's joke. */
const MOST_BOXES = 64

/**
 * Reads the index of an MP4 or MOV, undefined for everything else. Only a help to read well: the engine reads the
 * index by itself, and a wrong one here costs no more than reads.
 */
export async function findSound(source: ByteSource): Promise<SoundMap | undefined> {
  const range = await findMovie(source)
  if (!range || range.end - range.start > LONGEST_INDEX) return undefined
  const bytes = asBuffer(await source.read(range.start, range.end - range.start))
  const movie = readBox(bytes, 0, bytes.length)
  if (movie?.type !== 'moov') return undefined
  const tracks = soundTracks(bytes, movie)
  return {
    index: { ...range, bytes },
    sound: mergeRanges(allChunks(bytes, tracks), source.gap),
    fragments: fragmentTracks(bytes, movie, tracks),
  }
}

function* allChunks(bytes: Buffer, tracks: readonly SoundTrack[]): Generator<Range> {
  for (const { stbl } of tracks.slice(0, MOST_TRACKS)) yield* chunksOf(bytes, stbl, MOST_CHUNKS)
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

/** `soun`, the type of a handler of sound (8.4.3). */
const SOUND = 0x736f756e

/** What an MP4 or MOV begins with. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']

interface SoundTrack {
  readonly id: number
  readonly stbl: Box
}

function soundTracks(bytes: Buffer, movie: Box): SoundTrack[] {
  return boxesIn(bytes, movie, 'trak').flatMap((track) => {
    const header = boxAt(bytes, track, 'tkhd')
    const handler = boxAt(bytes, track, 'mdia', 'hdlr')
    const stbl = boxAt(bytes, track, 'mdia', 'minf', 'stbl')
    if (!header || !handler || !stbl || wordsOf(bytes, handler)[2] !== SOUND) return []
    // Two times stand before the id, of 64 bits each in version 1 (8.3.2).
    const [version = 0, ...words] = wordsOf(bytes, header)
    const id = words[version >>> 24 === 1 ? 4 : 2] ?? 0
    return [{ id, stbl }]
  })
}

/** The sizes of samples that fragments may leave out, from `trex` (8.8.3); null where there are no fragments. */
function fragmentTracks(bytes: Buffer, movie: Box, tracks: readonly SoundTrack[]): SoundTracks | null {
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
