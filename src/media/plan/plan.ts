import { type Format, formatOf } from '../../domain/format.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import { FLOAT_PCM, PCM } from '../ffmpeg/protocol.ts'
import { QUIET } from '../ffmpeg/whitelist.ts'
import type { SampleName } from '../meter/meter.ts'
import { type AudioTrack, OPEN_SOURCE, openToDecode, type Probe } from '../probe.ts'
import { type Tagging, tagBytes } from '../tags/write-tags.ts'
import { copier, coverMap, encoder, into, tagsFor } from './engine-names.ts'
import { type Gain, making } from './filters.ts'
import { bitrateToFit } from './fit.ts'
import { isWanted } from './may-copy.ts'
import { pickBitrate, pickShape } from './shape.ts'

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
  /** What the PCM between them is made of, and bytes of one sample of all channels. */
  readonly sample: SampleName
  readonly frameBytes: number
  /** bit/s, all the time or on average; null for lossless and variable bitrate. */
  readonly bitrate: number | null
}

/** What a plan rests on besides source and wish. */
export interface Given {
  /** May packets be copied? */
  readonly mayCopy: boolean
  /** How the loudness that is wished for is reached; null without such a wish, or for silence. */
  readonly gain: Gain | null
  /** Tags and cover of the result. */
  readonly tagging: Tagging
}

/** Decides how a wish is met from what the source says of itself; WISH_UNMET where it can not be. */
export function makePlan(probe: Probe, wish: Wish, given: Given): Plan {
  const format = formatOf(wish.format)
  const free = (wish.size ?? 0) - tagBytes(given.tagging)
  if (given.mayCopy && isWanted(probe, wish, format, free))
    return copyPlan(probe.track, format, given.tagging)
  return encodePlan(probe, wish, format, given)
}

function copyPlan(track: AudioTrack, format: Format, { cover }: Tagging): CopyPlan {
  const tagged = tagsFor(format, cover)
  const map = ['-map', `0:${track.index}`, ...copier(format), '-map_metadata:s', '-1', ...coverMap(cover)]
  return { kind: 'copy', args: [...QUIET, ...OPEN_SOURCE, ...tagged, ...map, ...into(format)] }
}

function encodePlan(probe: Probe, wish: Wish, format: Format, { gain, tagging }: Given): EncodePlan {
  const { track } = probe
  const shape = pickShape(track, wish, format)
  const samples = sampleFormat(track, format)
  const raw = ['-f', samples.name, '-ar', `${shape.sampleRate}`, '-ac', `${shape.channels}`]
  const bitrate =
    wish.size === undefined
      ? pickBitrate(probe, wish, format, shape)
      : bitrateToFit(probe, wish, format, shape, wish.size - tagBytes(tagging))
  return {
    kind: 'encode',
    decode: [
      ...[...QUIET, ...openToDecode(probe), '-filter_complex', making(track, wish, shape, gain)],
      ...['-map', '[pcm]', ...raw, samples.file],
    ],
    encode: [
      ...[...QUIET, ...raw, '-i', samples.file, ...tagsFor(format, tagging.cover), '-map', '0'],
      ...[...encoder(format), ...coverMap(tagging.cover)],
      ...rateOptions(bitrate, wish, format),
      ...into(format),
    ],
    ...shape,
    sample: samples.name,
    frameBytes: shape.channels * samples.bytes,
    bitrate,
  }
}

function rateOptions(bitrate: number | null, wish: Wish, format: Format): string[] {
  if (wish.quality?.startsWith('V')) return ['-q:a', wish.quality.slice(1)]
  if (bitrate === null) return []
  if (wish.abr !== undefined) return ['-abr', '1', '-b:a', `${bitrate}`]
  const strict = wish.size === undefined ? [] : (STRICT[format.name]?.(bitrate) ?? [])
  return ['-b:a', `${bitrate}`, ...strict]
}

/** What keeps an encoder from going above its rate. */
const STRICT: Readonly<Record<string, (bitrate: number) => string[]>> = {
  opus: () => ['-vbr', 'off'],
  ogg: (bitrate) => ['-maxrate', `${bitrate}`],
}

/** 32-bit floats between lossy codecs; whole numbers where the result keeps them as they are. */
function sampleFormat(track: AudioTrack, format: Format): { name: SampleName; bytes: number; file: string } {
  if (format.bitrate) return { name: 'f32le', bytes: 4, file: FLOAT_PCM }
  return format.name === 'flac' && track.deep
    ? { name: 's32le', bytes: 4, file: PCM }
    : { name: 's16le', bytes: 2, file: PCM }
}
