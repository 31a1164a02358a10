import { bitratesFor, type Format } from '../../domain/format.ts'
import { presetOf } from '../../domain/preset.ts'
import type { Shape } from '../../domain/result-size.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import type { AudioTrack, Probe } from '../probe.ts'

/** Codecs whose own bitrate says nothing about their quality beside a lossy one. */
const isLossless = (codec: string) =>
  /^(pcm|flac|alac|wavpack|ape|tta|tak|truehd|mlp|wmalossless|dsd)/.test(codec)

/** What "best" means for sound whose own rate says nothing: bit/s. */
const BEST: Readonly<Record<string, number>> = { mp3: 320_000, m4a: 256_000, opus: 256_000, ogg: 256_000 }

/** Sample rate and channels of the result. */
export const pickShape = (track: AudioTrack, wish: Wish, format: Format): Shape => ({
  sampleRate: wish.sampleRate ?? pickSampleRate(track, wish, format),
  channels: wish.channels ?? pickChannels(track, wish, format),
})

/** Rates an MP3 may have where it need not have the usual one. */
const MP3_OWN = [32_000, 44_100, 48_000]
const keepsOwn = (wish: Wish) => wish.quality === 'best' || wish.preset === 'music'

/** The smallest rate the format knows that holds the source's, unless the format has one rate for all. */
function pickSampleRate(track: AudioTrack, wish: Wish, format: Format): number {
  const free = format.name === 'mp3' && keepsOwn(wish)
  if (format.sampleRate && !free) return format.sampleRate
  const known = format.name === 'mp3' ? MP3_OWN : format.sampleRates
  return known
    ? (known.find((rate) => rate >= track.sampleRate) ?? known.at(-1) ?? track.sampleRate)
    : track.sampleRate
}

function pickChannels(track: AudioTrack, wish: Wish, format: Format): number {
  const own = Math.min(track.channels, format.maxChannels)
  const preset = presetOf(wish.preset)
  if (preset) return Math.min(own, preset.channels)
  return wish.quality === 'best' ? own : (format.channels ?? own)
}

/**
 * bit/s of a result that is not made to fit a size; null for lossless and variable bitrate. "best" and presets never
 * go above the source's own rate; where the container hides that, above the rate of the whole file.
 */
export function pickBitrate(probe: Probe, wish: Wish, format: Format, shape: Shape): number | null {
  const known = bitratesFor(format, shape)
  if (!format.bitrate || !known || wish.quality?.startsWith('V')) return null
  if (wish.abr !== undefined) return Math.max(known.min, Math.min(wish.abr, known.max))
  const wanted = wish.bitrate ?? atMostOwn(probe, wish, format) ?? format.bitrate.default
  const possible = Math.max(known.min, Math.min(wanted, known.max))
  return known.only?.findLast((rate) => rate <= possible) ?? possible
}

function atMostOwn(probe: Probe, wish: Wish, format: Format): number | undefined {
  const best = BEST[format.name]
  const wanted = wish.quality === 'best' ? best : presetOf(wish.preset)?.bitrate[format.name]
  return wanted === undefined ? undefined : Math.min(wanted, ownBitrate(probe) ?? wanted)
}

/** What a lossy source has at most, bit/s; null for lossless ones and where nothing is told. */
export function ownBitrate({ track, bitrate }: Probe): number | null {
  return isLossless(track.codec) ? null : (track.bitrate ?? bitrate)
}
