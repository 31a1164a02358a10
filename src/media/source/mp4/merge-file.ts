import { BOX_HEADER, type Box, longHeader, writeBox } from './boxes.ts'
import type { Word } from './hide-pictures.ts'
import { mergeSamples } from './merge-samples.ts'
import { shortIndex } from './short-index.ts'
import { createSoundStrip, type SoundStrip } from './sound-strip.ts'

/** What is told in place of a file: another index, and behind the end a box more, with the sound. */
export interface MergedFile {
  /** The movie box, and a free one, which goes on to the end of the file's own. */
  readonly index: Buffer
  /** Header of the box behind the end, of which the strip is the contents. */
  readonly header: Buffer
  readonly strip: SoundStrip
}

const MDAT = 'mdat'
const MOST_TRACKS = 8

/** An MP4 of `size` bytes, its index, and what may be told of its tracks. */
interface File {
  readonly bytes: Buffer
  readonly movie: Box
  readonly size: number
  readonly hiding: readonly Word[]
  readonly tracks: readonly { readonly track: Box; readonly stbl: Box }[]
}

/**
 * Tells of the sound of a long MP4 with plain edits as it would lie without a picture in between, in few samples. So the
 * engine's tables stay small whatever the length. undefined where a track of sound is not long: its places would be those
 * of the file still, and what lies behind the end of a file that was cut is another's sound now.
 */
export function mergeFile({ bytes, movie, size, hiding, tracks }: File): MergedFile | undefined {
  if (tracks.length === 0 || tracks.length > MOST_TRACKS) return undefined
  const strip = createSoundStrip()
  const tables = new Map<number, Buffer>()
  for (const each of tracks) {
    const merged = mergeSamples(bytes, each, size)
    if (!merged) return undefined
    tables.set(each.stbl.start, merged.tables(size + BOX_HEADER + strip.length))
    for (const chunk of merged.chunks()) strip.add(chunk)
  }
  const index = shortIndex(bytes, movie, hiding, tables)
  const rest = writeBox('free', [])
  if (index.length + rest.length > bytes.length) return undefined
  rest.writeUInt32BE(bytes.length - index.length)
  return { index: Buffer.concat([index, rest]), header: longHeader(MDAT, strip.length), strip }
}
