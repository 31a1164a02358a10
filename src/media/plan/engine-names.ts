import type { Format } from '../../domain/format.ts'
import type { Picture } from '../cover/picture.ts'
import { COVER, FRAGMENTS, RESULT, TAGS } from '../ffmpeg/protocol.ts'

/** Microseconds and bytes of a fragment at most: the engine keeps one in memory. */
const [FRAGMENT, LARGEST] = [10_000_000, 4 * 1024 * 1024]
/** The engine's name of a format's container. */
const MUXERS: Readonly<Record<string, readonly string[]>> = {
  mp3: ['mp3', '-id3v2_version', '0'],
  m4a: ['ipod', '-movflags', 'delay_moov', '-frag_duration', `${FRAGMENT}`, '-frag_size', `${LARGEST}`],
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

/** Packets as they are. AAC of broadcasts has a header before each, which an MP4 keeps once: where there is none, this does nothing. */
export const copier = (format: Format): readonly string[] =>
  format.codec === 'aac' ? ['-c', 'copy', '-bsf:a', 'aac_adtstoasc'] : ['-c', 'copy']

export const encoder = (format: Format): readonly string[] => ['-c:a', ENCODERS[format.name] ?? format.codec]

/** True where the engine writes the tags; before an MP3 we do, see tags/id3.ts. */
const isTaggedByEngine = ({ name }: Format) => name !== 'mp3'

/**
 * Nothing of the source's tags and chapters but what was read, cleaned and put into TAGS, which is the second input. The
 * cover in COVER is the third.
 */
export const tagsFor = (format: Format, cover: Picture | null): readonly string[] =>
  isTaggedByEngine(format)
    ? [
        ...['-f', 'ffmetadata', '-i', TAGS, ...(cover ? coverInput(cover) : [])],
        ...['-map_metadata', '1', '-map_chapters', '1'],
      ]
    : ['-map_metadata', '-1', '-map_chapters', '-1']

/** Told what it is, the engine does not look into it. */
const coverInput = ({ type, width, height }: Picture): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-codec_whitelist', 'none', '-f', 'image2', '-pattern_type', 'none'],
  ...['-c:v', type === 'image/png' ? 'png' : 'mjpeg', '-video_size', `${width}x${height}`, '-i', COVER],
]

/** Stands behind the sound's own map. */
export const coverMap = (cover: Picture | null): readonly string[] =>
  cover
    ? [
        ...['-map', '2', '-c:v', 'copy', '-disposition:v', 'attached_pic'],
        ...['-metadata:s:v', 'comment=Cover (front)'],
      ]
    : []

/** The same bytes on every machine: no names of programs, no dates. */
const REPRODUCIBLE = ['-fflags', '+bitexact', '-flags:a', '+bitexact']

/** The last options of every run that makes a result. */
export const into = (format: Format): readonly string[] => [
  ...REPRODUCIBLE,
  '-f',
  ...(MUXERS[format.name] ?? [format.name]),
  format.name === 'm4a' ? FRAGMENTS : RESULT,
]
