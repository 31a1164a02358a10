import { bitratesFor, type Format } from './format.ts'
import type { Quality } from './wish/rates.ts'

/** The sound of a result: what its size follows from. */
export interface Shape {
  /** Hz. */
  readonly sampleRate: number
  readonly channels: number
}

/** What a size is reckoned for. */
export interface Sized extends Shape {
  readonly format: Format
  /** Length of the sound. */
  readonly seconds: number
  /** bit/s; null for lossless and variable bitrate. */
  readonly bitrate: number | null
  readonly quality?: Quality | undefined
}

/** LAME's averages for stereo at 44.1 kHz, bit/s, V0 to V9. */
const VARIABLE = [245, 225, 190, 175, 165, 130, 115, 100, 85, 65].map((kilobits) => kilobits * 1000)
/** FLAC makes about this much of 16-bit PCM. */
const FLAC_SHARE = 0.6

/**
 * Bytes a result is likely to have, without tags and cover. MP3 at a constant bitrate and WAV come out so to the
 * frame; an average and the others within some per cent, variable bitrate and FLAC as the sound wants it.
 */
export function likelySize(result: Sized): number {
  const { format, seconds, sampleRate, channels, quality } = result
  const pcm = 2 * channels * Math.round(seconds * sampleRate)
  if (format.name === 'wav') return pcm + 44
  if (format.name === 'flac') return Math.round(pcm * FLAC_SHARE)
  const variable = quality?.startsWith('V') ? VARIABLE[Number(quality.slice(1))] : undefined
  const rate = result.bitrate ?? (((variable ?? 0) * channels) / 2) * Math.min(1, sampleRate / 44_100)
  return Math.round((rate * seconds) / 8) + overhead(result, rate)
}

/** What the container adds: frames that fill up, page headers, tables. Measured, and written up a little. */
function overhead({ format, seconds, sampleRate }: Sized, rate: number): number {
  switch (format.name) {
    case 'mp3': // the Info frame, and the encoder's delay
      return Math.ceil((4 * 1152 * rate) / 8 / sampleRate)
    case 'm4a': // four bytes a frame of 1024 samples in stsz, stco and stsc besides
      return 2000 + Math.ceil(((seconds * sampleRate) / 1024) * 4.2)
    case 'opus': // fifty packets and one page a second
      return 1000 + Math.ceil(seconds * (27 + 50 * (1 + Math.floor(rate / 8 / 50 / 255))))
    default: // Vorbis: code books, and about a page a second
      return 6000 + Math.ceil(seconds * 120)
  }
}

/** How much more than asked for an encoder may make: MP3 and Opus keep to their rate, AAC and Vorbis do on average. */
const EXCESS: Readonly<Record<string, number>> = { mp3: 1, opus: 1, m4a: 1.06, ogg: 1.12 }
const STEP = 1000

/** The highest bitrate whose result surely has at most `size` bytes; undefined when even the lowest has more. */
export function fitBitrate(result: Omit<Sized, 'bitrate'>, size: number): number | undefined {
  const known = bitratesFor(result.format, result)
  if (!known) return undefined
  const steps = Math.floor((known.max - known.min) / STEP)
  const rates = known.only ?? Array.from({ length: steps + 1 }, (_, step) => known.min + step * STEP)
  return rates.findLast((bitrate) => surelyAtMost({ ...result, bitrate }) <= size)
}

const surelyAtMost = (result: Sized) => Math.ceil(likelySize(result) * (EXCESS[result.format.name] ?? 1))
