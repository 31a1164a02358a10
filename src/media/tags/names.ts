import type { TagName } from '../../domain/tag-names.ts'

interface Names {
  /** How FFmpeg calls it in all containers; the first is written. */
  readonly keys: readonly [string, ...string[]]
  /** The frame of ID3v2.4 (id3.org, 4.2 and 4.10). */
  readonly frame: string
}

/** What a tag is called elsewhere; all that is not here does not pass. */
export const NAMES: Readonly<Record<TagName, Names>> = {
  title: { keys: ['title'], frame: 'TIT2' },
  artist: { keys: ['artist', 'author'], frame: 'TPE1' },
  album: { keys: ['album'], frame: 'TALB' },
  albumArtist: { keys: ['album_artist', 'albumartist'], frame: 'TPE2' },
  composer: { keys: ['composer'], frame: 'TCOM' },
  genre: { keys: ['genre'], frame: 'TCON' },
  date: { keys: ['date', 'year'], frame: 'TDRC' },
  trackNumber: { keys: ['track', 'tracknumber'], frame: 'TRCK' },
  discNumber: { keys: ['disc', 'discnumber'], frame: 'TPOS' },
  comment: { keys: ['comment', 'description'], frame: 'COMM' },
  copyright: { keys: ['copyright'], frame: 'TCOP' },
}
