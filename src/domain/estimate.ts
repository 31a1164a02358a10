import { AppError } from './errors.ts'
import { bitratesFor, formatOf } from './format.ts'
import { presetOf } from './preset.ts'
import { fitBitrate, likelySize } from './result-size.ts'
import type { Wish } from './wish/wish.ts'

/** What a wish is likely to give. A track that is copied as it is has its own size instead. */
export interface Estimate {
  /** Seconds. */
  readonly duration: number
  /** bit/s, all the time or on average; null for lossless and variable bitrate. */
  readonly bitrate: number | null
  /** Bytes, without tags. */
  readonly size: number
}

/** For a source of which only the length is known: stereo at the usual rate. WISH_UNMET where a size can not be kept. */
export function estimate(wish: Wish, seconds: number): Estimate {
  const format = formatOf(wish.format)
  const preset = presetOf(wish.preset)
  const shape = {
    sampleRate: wish.sampleRate ?? format.sampleRate ?? 44_100,
    channels: wish.channels ?? preset?.channels ?? 2,
  }
  const duration = Math.max(0, Math.min(wish.end ?? seconds, seconds) - (wish.start ?? 0))
  const sized = { format, seconds: duration, quality: wish.quality, ...shape }
  const most = wish.quality === 'best' ? bitratesFor(format, shape)?.max : undefined
  const usual =
    wish.bitrate ?? wish.abr ?? most ?? preset?.bitrate[format.name] ?? format.bitrate?.default ?? null
  const fitting = wish.size === undefined ? usual : fitBitrate(sized, wish.size)
  if (fitting === undefined)
    throw new AppError('WISH_UNMET', 'Not even the lowest bitrate fits into this size.')
  const bitrate = wish.quality?.startsWith('V') ? null : fitting
  return { duration, bitrate, size: likelySize({ ...sized, bitrate }) }
}
