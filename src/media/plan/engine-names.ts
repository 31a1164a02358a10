import type { Format } from '../../domain/format.ts'
import { RESULT, TAGS } from '../ffmpeg/protocol.ts'

/** The engine's name of a format's container. */
const MUXERS: Readonly<Record<string, readonly string[]>> = {
  mp3: ['mp3', '-id3v2_version', '0'],
  m4a: ['ipod'],
  opus: ['opus'],
  ogg: ['ogg'],
  flac: ['flac'],
  wav: ['wav', '-rf64', 'auto'],
}
const ENCODERS: Readonly<Record<string, string>> = {
  mp3: 'libmp3lame',
  m4a: 'aac',
  opus: 'libopus',
  ogg: 'libvorbis',
  flac: 'flac',
  wav: 'pcm_s16le',
}

export const encoder = (format: Format): readonly string[] => ['-c:a', ENCODERS[format.name] ?? format.codec]

/** True where the engine writes the tags; before an MP3 we do, see tags/id3.ts. */
const isTaggedByEngine = ({ name }: Format) => name !== 'mp3'

/** Nothing of the source's tags and chapters but what was read, cleaned and put into TAGS, which is the second input. */
export const tagsFor = (format: Format): readonly string[] =>
  isTaggedByEngine(format)
    ? ['-f', 'ffmetadata', '-i', TAGS, '-map_metadata', '1', '-map_chapters', '1']
    : ['-map_metadata', '-1', '-map_chapters', '-1']

/** The same bytes on every machine: no names of programs, no dates. */
const REPRODUCIBLE = ['-fflags', '+bitexact', '-flags:a', '+bitexact']

/** The last options of every run that makes a result. */
export const into = (format: Format): readonly string[] => [
  ...REPRODUCIBLE,
  '-f',
  ...(MUXERS[format.name] ?? [format.name]),
  RESULT,
]
