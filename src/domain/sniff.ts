import type { FormatName } from './format.ts'

/** What a file is by its first bytes. `format` is null for what is no audio format of ours. */
interface Sniffed {
  readonly extension: string
  readonly contentType: string
  readonly format: FormatName | null
}

/** Bytes that `sniff` looks at. */
export const SNIFFED_BYTES = 64

/** Bytes in latin1, and where they stand; null: anywhere. */
type Sign = readonly [offset: number | null, bytes: string]
type Row = readonly [extension: string, contentType: string, format: FormatName | null, ...signs: Sign[]]

/** The first row all of whose signs are there holds. */
// biome-ignore format: one row, one line
const ROWS: readonly Row[] = [
  ['mp3', 'audio/mpeg', 'mp3', [0, 'ID3']],
  ['mp3', 'audio/mpeg', 'mp3', [0, '\xff\xfb']],
  ['mp3', 'audio/mpeg', 'mp3', [0, '\xff\xf3']],
  ['flac', 'audio/flac', 'flac', [0, 'fLaC']],
  ['opus', 'audio/ogg', 'opus', [0, 'OggS'], [28, 'OpusHead']],
  ['ogg', 'audio/ogg', 'ogg', [0, 'OggS'], [28, '\x01vorbis']],
  ['wav', 'audio/wav', 'wav', [0, 'RIFF'], [8, 'WAVE']],
  ['avi', 'video/x-msvideo', null, [0, 'RIFF'], [8, 'AVI ']],
  ['m4a', 'audio/mp4', 'm4a', [4, 'ftypM4A']],
  ['mov', 'video/quicktime', null, [4, 'ftypqt']],
  ['mp4', 'video/mp4', null, [4, 'ftyp']],
  ['webm', 'video/webm', null, [0, '\x1aE\xdf\xa3'], [null, 'webm']],
  ['mkv', 'video/x-matroska', null, [0, '\x1aE\xdf\xa3']],
  ['flv', 'video/x-flv', null, [0, 'FLV\x01']],
  ['wmv', 'video/x-ms-wmv', null, [0, '0&\xb2u\x8ef\xcf\x11']],
]

/** Tells a file by its first SNIFFED_BYTES bytes; null when they are not known. */
export function sniff(head: Uint8Array): Sniffed | null {
  const text = Buffer.from(head).toString('latin1')
  const stands = ([offset, bytes]: Sign) =>
    offset === null ? text.includes(bytes) : text.startsWith(bytes, offset)
  const row = ROWS.find(([, , , ...signs]) => signs.every(stands))
  if (!row) return null
  const [extension, contentType, format] = row
  return { extension, contentType, format }
}
