import type { Told } from '../domain/conversion.ts'
import type { FormatName } from '../domain/format.ts'
import type { Wish } from '../domain/wish/wish.ts'
import { type Picture, type PictureFacts, pictureFacts } from './cover/picture.ts'
import { ENGINE } from './ffmpeg/engine.ts'
import type { Loudness } from './meter/meter.ts'
import { LAME } from './mp3/lame-modules.ts'
import { lameOptions } from './mp3/lame-options.ts'
import type { Mp3Settings } from './mp3/settings.ts'
import type { BlockCounts } from './mp3/write-blocks.ts'
import type { Gain } from './plan/filters.ts'
import type { Plan } from './plan/plan.ts'
import type { AudioTrack, Probe } from './probe.ts'
import type { Counted } from './verify/container-check.ts'

/** What was made of what, and how: enough to check it, or to make it again. Durations in seconds, rates in bit/s and Hz. */
export interface Receipt {
  /** What read the source, and wrote the result unless `encoder` did. */
  readonly engine: { readonly name: string; readonly version: string }
  /** What encoded the blocks of an MP3. */
  readonly encoder?: { readonly name: string; readonly version: string }
  readonly source: {
    readonly bytes: number
    /** Bytes asked of it, and how many times. */
    readonly bytesRead: number
    readonly requests: number
    readonly container: string
    /** The tracks of sound, and the number of the one that was taken. */
    readonly tracks: readonly Pick<AudioTrack, 'number' | 'language' | 'codec' | 'sampleRate' | 'channels'>[]
    readonly track: number
    readonly codec: string
    readonly sampleRate: number
    readonly channels: number
    /** What the source says of itself; null when it says nothing. */
    readonly declaredDuration: number | null
    /** What could be decoded or copied. */
    readonly duration: number
  }
  readonly result: {
    readonly bytes: number
    readonly format: FormatName
    readonly sampleRate: number
    readonly channels: number
    /** bit/s, null for lossless and variable bitrate. */
    readonly bitrate: number | null
    /** Samples per channel, counted in the result itself; null when its packets were copied. */
    readonly samples: number | null
    readonly duration: number
    /** The picture that it bears; null for none. Sides in pixels, its size in bytes. */
    readonly cover: PictureFacts | null
  }
  /** `copy`: packets as they were. `encode`: one encoder. `blocks`: MP3 by all encoders there were cores for. */
  readonly plan: 'copy' | 'encode' | 'blocks'
  /** How many encoders worked at once, on how many blocks, and frames at seams whose bitrate had to be raised. */
  readonly blocks?: BlockCounts
  /** Why an MP3 was made by one encoder all the same. */
  readonly reason?: string
  /** The engine's arguments, and behind `|` those of what encodes. */
  readonly settings: readonly string[]
  /** Of what went to the encoder; null for a copy or silence. */
  readonly loudness: Loudness | null
  /** How the loudness that was asked for was reached: what it was before, dB added, peaks held down. Else null. */
  readonly normalized: { readonly before: Loudness; readonly gain: number; readonly limited: boolean } | null
  /** Set when the source was cut or damaged: the conversion is done, and partial. */
  readonly warning: Told | null
  /** Seconds per stage. */
  readonly seconds: { readonly probe: number; readonly convert: number }
}

/** Tracks that are listed. */
const LISTED = 50

/** What is known at the end of a conversion. */
export interface Facts {
  readonly source: Pick<Receipt['source'], 'bytes' | 'bytesRead' | 'requests'>
  readonly probed: Probe
  readonly wish: Wish
  readonly plan: Plan
  readonly gain: Gain | null
  readonly cover: Picture | null
  /** Loudness before the gain. */
  readonly before: Loudness | null
  readonly result: Counted & { readonly bytes: number }
  readonly blocks?: BlockCounts
  /** How the encoders of the blocks were set. */
  readonly lame?: Mp3Settings
  readonly reason?: string
  /** Seconds of sound that could be read. */
  readonly heard: number
  readonly loudness: Loudness | null
  readonly warning: Told | null
  readonly seconds: Receipt['seconds']
}

export function writeReceipt(facts: Facts): Receipt {
  const { probed, plan, result, gain, before } = facts
  const { track } = probed
  const isCopy = plan.kind === 'copy'
  return {
    engine: ENGINE,
    ...(facts.blocks && { encoder: LAME }),
    source: {
      ...facts.source,
      container: probed.container,
      tracks: probed.tracks.slice(0, LISTED).map(showTrack),
      track: track.number,
      codec: track.codec,
      sampleRate: track.sampleRate,
      channels: track.channels,
      declaredDuration: probed.duration,
      duration: facts.heard,
    },
    result: {
      bytes: result.bytes,
      format: facts.wish.format,
      sampleRate: result.sampleRate,
      channels: isCopy ? track.channels : plan.channels,
      bitrate: isCopy ? track.bitrate : plan.bitrate,
      samples: result.samples,
      duration: result.samples / result.sampleRate,
      cover: facts.cover && pictureFacts(facts.cover),
    },
    plan: facts.blocks ? 'blocks' : plan.kind,
    ...(facts.blocks && { blocks: facts.blocks }),
    ...(facts.reason !== undefined && { reason: facts.reason }),
    settings: isCopy
      ? plan.args
      : [...plan.decode, '|', ...(facts.lame ? lameOptions(facts.lame) : plan.encode)],
    loudness: facts.loudness,
    normalized: gain && before ? { before, gain: gain.gain, limited: gain.limit } : null,
    warning: facts.warning,
    seconds: facts.seconds,
  }
}

const showTrack = ({ number, language, codec, sampleRate, channels }: AudioTrack) => ({
  number,
  language,
  codec,
  sampleRate,
  channels,
})
