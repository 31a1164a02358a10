import type { Shape } from '../../domain/result-size.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import type { AudioTrack } from '../probe.ts'

/** The meter: EBU R128 integrated loudness and true peak, told at the end. */
const PEAK = 'peak=true:'
const METER = `ebur128=${PEAK}framelog=verbose,anullsink`

/** The same graph without the search for peaks: it costs as much as encoding does, and encoders by blocks do it better. */
export const withoutPeak = (args: readonly string[]): string[] => args.map((each) => each.replace(PEAK, ''))

/** Keeps what lies between start and end, counted in samples: times of packets are rounded in some containers. */
function trim({ start, end }: Wish, { sampleRate }: AudioTrack): string[] {
  if (start === undefined && end === undefined) return []
  const from = `start_sample=${Math.round((start ?? 0) * sampleRate)}`
  const to = end === undefined ? '' : `:end_sample=${Math.round(end * sampleRate)}`
  return [`atrim=${from}${to}`]
}

/** Loudness depends on the channels, so it is measured and changed in the shape of the result. */
const shaped = ({ sampleRate, channels }: Shape) =>
  `aresample=${sampleRate},aformat=sample_fmts=flt:channel_layouts=${channels}c`

/** dBTP that nothing made louder goes above; the sound is looked at in fourfold resolution (ITU-R BS.1770-4, annex 2). */
export const TRUE_PEAK_LIMIT = -1
const OVERSAMPLED = 192_000

/** What brings a sound to another loudness. */
export interface Gain {
  /** dB. */
  readonly gain: number
  /** Would a peak go above the limit? */
  readonly limit: boolean
}

function louder({ gain, limit }: Gain, shape: Shape): string[] {
  const level = 10 ** ((TRUE_PEAK_LIMIT - 0.2) / 20)
  const limiter = `aresample=${OVERSAMPLED},alimiter=limit=${level.toFixed(4)}:level=false:attack=5:release=50:latency=true,aresample=${shape.sampleRate}`
  return [`volume=${gain.toFixed(2)}dB:precision=float`, ...(limit ? [limiter] : [])]
}

/** The graph of the first pass: the meter, and `[heard]`, which goes nowhere. */
export function measuring(track: AudioTrack, wish: Wish, shape: Shape, gain: Gain | null): string {
  const steps = [...trim(wish, track), shaped(shape), ...(gain ? louder(gain, shape) : [])]
  return `[0:${track.index}]${[...steps, 'asplit=2[heard][meter]'].join(',')};[meter]${METER}`
}

/** The graph of the pass that makes the samples, as `[pcm]`. The meter stands beside their way, not in it. */
export function making(track: AudioTrack, wish: Wish, shape: Shape, gain: Gain | null): string {
  const changed = gain ? [shaped(shape), ...louder(gain, shape)] : []
  return `[0:${track.index}]${[...trim(wish, track), ...changed, 'asplit=2[pcm][meter]'].join(',')};[meter]${METER}`
}
