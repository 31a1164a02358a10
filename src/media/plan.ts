import { type Format, formatOf, type Wish } from '../domain/format.ts'
import { FLOAT_PCM, PCM, RESULT } from './ffmpeg/protocol.ts'
import { QUIET } from './ffmpeg/whitelist.ts'
import { type AudioTrack, OPEN_SOURCE, type Probe } from './probe.ts'

/** How a wish is met; decided before work starts. */
export type Plan = CopyPlan | EncodePlan

/** The track already is what is wanted: its packets go into the result as they are. */
export interface CopyPlan {
  readonly kind: 'copy'
  readonly args: readonly string[]
}

/** Decode to PCM, encode with one encoder. */
export interface EncodePlan {
  readonly kind: 'encode'
  readonly decode: readonly string[]
  readonly encode: readonly string[]
  readonly sampleRate: number
  readonly channels: number
  /** Bytes of one sample of all channels in the PCM between them. */
  readonly frameBytes: number
  /** bit/s; null for lossless and variable bitrate. */
  readonly bitrate: number | null
}

/** The engine's name of a format's container, and the options of its encoder. */
const MUXERS: Readonly<Record<string, string>> = {
  mp3: 'mp3',
  m4a: 'ipod',
  opus: 'opus',
  ogg: 'ogg',
  flac: 'flac',
  wav: 'wav',
}
const ENCODERS: Readonly<Record<string, readonly string[]>> = {
  mp3: ['libmp3lame'],
  m4a: ['aac'],
  opus: ['libopus'],
  ogg: ['libvorbis'],
  flac: ['flac'],
  wav: ['pcm_s16le', '-rf64', 'auto'],
}
/** What "best" means for sound whose own rate says nothing: bit/s. */
const BEST: Readonly<Record<string, number>> = { mp3: 320_000, m4a: 256_000, opus: 256_000, ogg: 256_000 }
/** The same bytes on every machine: no names of programs, no dates; tags of the source do not pass. */
const REPRODUCIBLE = [
  '-fflags',
  '+bitexact',
  '-flags:a',
  '+bitexact',
  '-map_metadata',
  '-1',
  '-map_chapters',
  '-1',
]

/** Codecs whose own bitrate says nothing about their quality beside a lossy one. */
const isLossless = (codec: string) =>
  /^(pcm|flac|alac|wavpack|ape|tta|tak|truehd|mlp|wmalossless|dsd)/.test(codec)

/** Decides how a wish is met from what the source says of itself. */
export function makePlan(probe: Probe, wish: Wish, mayCopy: boolean): Plan {
  const format = formatOf(wish.format)
  const { track } = probe
  const copies =
    mayCopy && wish.bitrate === undefined && (wish.quality === undefined || wish.quality === 'best')
  if (copies && track.codec === format.codec) return copyPlan(track, format)
  return encodePlan(probe, wish, format)
}

function copyPlan(track: AudioTrack, format: Format): CopyPlan {
  const args = [
    ...QUIET,
    ...OPEN_SOURCE,
    '-map',
    `0:${track.index}`,
    '-c',
    'copy',
    ...REPRODUCIBLE,
    ...into(format),
  ]
  return { kind: 'copy', args }
}

function encodePlan(probe: Probe, wish: Wish, format: Format): EncodePlan {
  const { track } = probe
  const sampleRate = pickSampleRate(track, wish, format)
  const channels =
    wish.quality === 'best'
      ? Math.min(track.channels, format.maxChannels)
      : (format.channels ?? Math.min(track.channels, format.maxChannels))
  const samples = sampleFormat(track, format)
  const shape = ['-ar', `${sampleRate}`, '-ac', `${channels}`]
  const raw = ['-f', samples.name]
  const bitrate = pickBitrate(probe, wish, format)
  const rate = bitrate === null ? [] : ['-b:a', `${bitrate}`]
  const quality = wish.quality?.startsWith('V') ? ['-q:a', wish.quality.slice(1)] : []
  return {
    kind: 'encode',
    // The meter stands beside the way of the samples, not in it.
    decode: [
      ...[...QUIET, ...OPEN_SOURCE],
      ...[
        '-filter_complex',
        `[0:${track.index}]asplit=2[pcm][meter];[meter]ebur128=peak=true:framelog=verbose,anullsink`,
      ],
      ...['-map', '[pcm]', ...shape, ...raw, samples.file],
    ],
    encode: [
      ...QUIET,
      ...raw,
      ...shape,
      '-i',
      samples.file,
      '-c:a',
      ...encoder(format),
      ...rate,
      ...quality,
      ...REPRODUCIBLE,
      ...into(format),
    ],
    sampleRate,
    channels,
    frameBytes: channels * samples.bytes,
    bitrate,
  }
}

const encoder = (format: Format) => ENCODERS[format.name] ?? []
const into = (format: Format) => ['-f', MUXERS[format.name] ?? format.name, RESULT]

/** The smallest rate the format knows that holds the source's, unless the format has one rate for all. */
function pickSampleRate(track: AudioTrack, wish: Wish, format: Format): number {
  if (format.sampleRate && !(wish.quality === 'best' && format.name === 'mp3')) return format.sampleRate
  const known = format.name === 'mp3' ? [32_000, 44_100, 48_000] : format.sampleRates
  return known
    ? (known.find((rate) => rate >= track.sampleRate) ?? known.at(-1) ?? track.sampleRate)
    : track.sampleRate
}

/** 32-bit floats between lossy codecs; whole numbers where the result keeps them as they are. */
function sampleFormat(track: AudioTrack, format: Format): { name: string; bytes: number; file: string } {
  if (format.bitrate) return { name: 'f32le', bytes: 4, file: FLOAT_PCM }
  return format.name === 'flac' && track.deep
    ? { name: 's32le', bytes: 4, file: PCM }
    : { name: 's16le', bytes: 2, file: PCM }
}

/** "best" never goes above the source's own rate; where the container hides that, above the rate of the whole file. */
function pickBitrate(probe: Probe, wish: Wish, format: Format): number | null {
  if (!format.bitrate || wish.quality?.startsWith('V')) return null
  if (wish.quality !== 'best') return wish.bitrate ?? format.bitrate.default
  const best = BEST[format.name] ?? format.bitrate.max
  const own = isLossless(probe.track.codec) ? best : (probe.track.bitrate ?? probe.bitrate ?? best)
  const wanted = Math.max(format.bitrate.min, Math.min(own, best))
  return format.bitrates?.findLast((rate) => rate <= wanted) ?? wanted
}
