import type { FormatName } from '../../domain/format.ts'
import type { Picture } from '../cover/picture.ts'
import type { About } from './about.ts'
import { writeId3 } from './id3.ts'
import { writeNotes } from './write-notes.ts'

/** Where tags and cover of a result go. */
export interface Tagging {
  /** Bytes in front of it. */
  readonly head: Uint8Array
  /** What the engine writes into it, in its own format, and the cover beside them. */
  readonly tags: Uint8Array
  readonly cover: Picture | null
}

export const UNTAGGED: Tagging = { head: new Uint8Array(), tags: new Uint8Array(), cover: null }

/** An ID3 tag in front of an MP3; Ogg has a cover among its tags, MP4 and FLAC have a place for it, WAV has none. */
export function writeTags(about: About, format: FormatName, cover: Picture | null): Tagging {
  switch (format) {
    case 'mp3':
      return { ...UNTAGGED, head: writeId3(about, cover) }
    case 'opus':
    case 'ogg':
      return { ...UNTAGGED, tags: writeNotes(about, cover) }
    case 'm4a':
    case 'flac':
      return { ...UNTAGGED, tags: writeNotes(about), cover }
    case 'wav':
      return { ...UNTAGGED, tags: writeNotes(about) }
  }
}

/** What boxes, blocks and pages add to tags and cover, written up. */
const AROUND = 1.01
const HEADERS = 200

/** Bytes that they take of the result at most. */
export const tagBytes = ({ head, tags, cover }: Tagging): number =>
  Math.ceil((head.length + tags.length + (cover ? cover.bytes.length + HEADERS : 0)) * AROUND)
