import { AppError } from './errors.ts'

/** An audio format that can be made: what it is called, what it may hold, what it is by default. */
export interface Format {
  readonly name: string
  readonly extension: string
  readonly contentType: string
  /** The codec inside, as FFmpeg names it; a source track of this codec is copied when the wish allows. */
  readonly codec: string
  /** bit/s; absent for lossless formats. */
  readonly bitrate?: { readonly min: number; readonly max: number; readonly default: number }
  /** The only bitrates the format knows, bit/s, ascending; absent when any between min and max will do. */
  readonly bitrates?: readonly number[]
  /** The most one channel takes, bit/s, where one channel takes less than two. */
  readonly maxPerChannel?: number
  /** The only sample rates the format can be asked for, Hz, ascending; absent when any will do. */
  readonly sampleRates?: readonly number[]
  /** Shape of the sound unless another is asked for, whatever the source; absent: as the source, at most `maxChannels`. */
  readonly sampleRate?: number
  readonly channels?: number
  readonly maxChannels: number
  /** True when the format knows variable bitrate by quality V0 (best) to V9, and by an average. */
  readonly vbr?: true
}

const kbps = (...rates: number[]) => rates.map((rate) => rate * 1000)
const MPEG_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]

/** The ordered table of formats; the first is the default. Adding one: a line here, its encoder in media/plan/engine-names.ts. */
// biome-ignore format: one row, one line
export const FORMATS = [
  { name: 'mp3', extension: 'mp3', contentType: 'audio/mpeg', codec: 'mp3', bitrate: { min: 32_000, max: 320_000, default: 128_000 }, bitrates: kbps(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320), sampleRates: MPEG_RATES, sampleRate: 44_100, channels: 2, maxChannels: 2, vbr: true },
  { name: 'm4a', extension: 'm4a', contentType: 'audio/mp4', codec: 'aac', bitrate: { min: 32_000, max: 512_000, default: 128_000 }, sampleRates: [...MPEG_RATES, 64_000, 88_200, 96_000], maxChannels: 2 },
  { name: 'opus', extension: 'opus', contentType: 'audio/ogg', codec: 'opus', bitrate: { min: 16_000, max: 510_000, default: 96_000 }, maxPerChannel: 256_000, sampleRates: [48_000], sampleRate: 48_000, maxChannels: 2 },
  { name: 'ogg', extension: 'ogg', contentType: 'audio/ogg', codec: 'vorbis', bitrate: { min: 64_000, max: 320_000, default: 128_000 }, maxPerChannel: 160_000, sampleRates: [32_000, 44_100, 48_000], sampleRate: 44_100, channels: 2, maxChannels: 2 },
  { name: 'flac', extension: 'flac', contentType: 'audio/flac', codec: 'flac', maxChannels: 8 },
  { name: 'wav', extension: 'wav', contentType: 'audio/wav', codec: 'pcm_s16le', maxChannels: 8 },
] as const satisfies readonly Format[]

export type FormatName = (typeof FORMATS)[number]['name']
export const FORMAT_NAMES: readonly FormatName[] = FORMATS.map((format) => format.name)
export const DEFAULT_FORMAT: FormatName = FORMATS[0].name

/** The row of a format's name. */
export const formatOf = (name: FormatName): Format => findFormat(name)

const unknownFormat = (name: string) =>
  `unknown format '${name.slice(0, 40)}', known are ${FORMAT_NAMES.join(', ')}`

/** The row of a name as people write it; WISH_INVALID lists the known ones. */
export function findFormat(name: string): Format & { readonly name: FormatName } {
  const found = FORMATS.find((format) => format.name === name.toLowerCase())
  if (!found) throw new AppError('WISH_INVALID', unknownFormat(name))
  return found
}

/** MPEG-2 and 2.5 Layer III (ISO 13818-3) know other bitrates than MPEG-1; LAME stops at 64k for 2.5. */
const LOW_RATES = kbps(8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)

/**
 * What a format can hold at a sample rate and with a number of channels: its range, and the only bitrates in it where
 * there are such. undefined for lossless formats. bit/s.
 */
export function bitratesFor(
  format: Format,
  { sampleRate, channels }: { readonly sampleRate: number; readonly channels: number },
): { readonly min: number; readonly max: number; readonly only?: readonly number[] } | undefined {
  if (!format.bitrate) return undefined
  if (format.name === 'mp3' && sampleRate < 32_000) {
    const only = LOW_RATES.filter((rate) => sampleRate >= 16_000 || rate <= 64_000)
    return { min: 8000, max: only.at(-1) ?? 0, only }
  }
  const max = Math.min(format.bitrate.max, (format.maxPerChannel ?? format.bitrate.max) * channels)
  return { min: format.bitrate.min, max, ...(format.bitrates ? { only: format.bitrates } : {}) }
}
