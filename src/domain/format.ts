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
  /** The only sample rates the format knows, Hz, ascending; absent when the source's own will do. */
  readonly sampleRates?: readonly number[]
  /** Fixed shape of the sound, whatever the source; absent: as the source, at most `maxChannels`. */
  readonly sampleRate?: number
  readonly channels?: number
  readonly maxChannels: number
  /** True when the format knows variable bitrate by quality V0 (best) to V9. */
  readonly vbr?: true
}

const kbps = (...rates: number[]) => rates.map((rate) => rate * 1000)
const MPEG_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]

/** The ordered table of formats; the first is the default. Adding one: a line here, its encoder in media/plan.ts. */
// biome-ignore format: one row, one line
export const FORMATS = [
  { name: 'mp3', extension: 'mp3', contentType: 'audio/mpeg', codec: 'mp3', bitrate: { min: 32_000, max: 320_000, default: 128_000 }, bitrates: kbps(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320), sampleRate: 44_100, channels: 2, maxChannels: 2, vbr: true },
  { name: 'm4a', extension: 'm4a', contentType: 'audio/mp4', codec: 'aac', bitrate: { min: 32_000, max: 512_000, default: 128_000 }, sampleRates: [...MPEG_RATES, 64_000, 88_200, 96_000], maxChannels: 2 },
  { name: 'opus', extension: 'opus', contentType: 'audio/ogg', codec: 'opus', bitrate: { min: 16_000, max: 510_000, default: 96_000 }, sampleRate: 48_000, maxChannels: 2 },
  { name: 'ogg', extension: 'ogg', contentType: 'audio/ogg', codec: 'vorbis', bitrate: { min: 64_000, max: 320_000, default: 128_000 }, sampleRate: 44_100, channels: 2, maxChannels: 2 },
  { name: 'flac', extension: 'flac', contentType: 'audio/flac', codec: 'flac', maxChannels: 8 },
  { name: 'wav', extension: 'wav', contentType: 'audio/wav', codec: 'pcm_s16le', maxChannels: 8 },
] as const satisfies readonly Format[]

export type FormatName = (typeof FORMATS)[number]['name']
export const FORMAT_NAMES: readonly FormatName[] = FORMATS.map((format) => format.name)
export const DEFAULT_FORMAT: FormatName = FORMATS[0].name

/** The row of a format's name. */
export function formatOf(name: FormatName): Format {
  const found = FORMATS.find((format) => format.name === name)
  if (!found) throw new AppError('WISH_INVALID', unknownFormat(name))
  return found
}

/** What a person asks for. Neither bitrate nor quality: the default, or a copy of a track that already has the format. */
export interface Wish {
  readonly format: FormatName
  /** bit/s. */
  readonly bitrate?: number
  /** `best`: as good as the format allows, never above the source's own rate. `V0`…`V9`: variable bitrate. */
  readonly quality?: Quality
}

export const QUALITIES = ['best', 'V0', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9'] as const
export type Quality = (typeof QUALITIES)[number]

/** A wish as it comes from outside: a form, a query, a JSON body, a command line. */
export interface WishInput {
  readonly format?: string | undefined
  /** `192k`, `192000` or 192000. */
  readonly bitrate?: string | number | undefined
  readonly quality?: string | undefined
}

/** Reads a wish; fails with WISH_INVALID and a sentence that names what is possible. Empty strings count as absent. */
export function parseWish(input: WishInput): Wish {
  const name = (input.format || DEFAULT_FORMAT).toLowerCase()
  const format = FORMATS.find((each) => each.name === name)
  if (!format) throw new AppError('WISH_INVALID', unknownFormat(input.format ?? ''))
  if (input.bitrate && input.quality)
    throw new AppError('WISH_INVALID', 'ask for a bitrate or for a quality, not for both')
  if (input.bitrate) return { format: format.name, bitrate: parseBitrate(format, input.bitrate) }
  if (input.quality) return { format: format.name, quality: parseQuality(format, input.quality) }
  return { format: format.name }
}

const unknownFormat = (name: string) =>
  `unknown format '${name.slice(0, 40)}', known are ${FORMAT_NAMES.join(', ')}`

function parseBitrate(format: Format, text: string | number): number {
  if (!format.bitrate) throw new AppError('WISH_INVALID', `${format.name} is lossless and takes no bitrate`)
  const [, digits, kilo] = /^(\d{1,7})(k?)$/i.exec(String(text)) ?? []
  const rate = Number(digits) * (kilo ? 1000 : 1)
  const { min, max } = format.bitrate
  if (!(rate >= min && rate <= max)) {
    throw new AppError(
      'WISH_INVALID',
      `bitrate '${String(text).slice(0, 40)}' is not possible, ${format.name} takes ${min / 1000}k to ${max / 1000}k`,
    )
  }
  if (format.bitrates && !format.bitrates.includes(rate)) {
    const known = format.bitrates.map((each) => `${each / 1000}k`).join(', ')
    throw new AppError(
      'WISH_INVALID',
      `bitrate '${String(text).slice(0, 40)}' is not possible, ${format.name} knows ${known}`,
    )
  }
  return rate
}

function parseQuality(format: Format, text: string): Quality {
  const quality = QUALITIES.find((each) => each.toLowerCase() === text.toLowerCase())
  if (quality === 'best' || (quality && format.vbr)) return quality
  const known = format.vbr ? 'best, V0 (large) to V9 (small)' : 'best'
  throw new AppError(
    'WISH_INVALID',
    `quality '${text.slice(0, 40)}' is not possible, ${format.name} knows ${known}`,
  )
}
