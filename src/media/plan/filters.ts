import type { Shape } from '../../domain/result-size.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import type { AudioTrack } from '../probe.ts'

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

/** The graph of a pass that only listens, in the shape of the result: `[pcm]`. */
export const listening = (track: AudioTrack, wish: Wish, shape: Shape, gain: Gain | null): string =>
  graph(track, [...trim(wish, track), shaped(shape), ...(gain ? louder(gain, shape) : [])])

/** The graph of the pass that makes the samples: `[pcm]`. */
export const making = (track: AudioTrack, wish: Wish, shape: Shape, gain: Gain | null): string =>
  graph(track, [...trim(wish, track), ...(gain ? [shaped(shape), ...louder(gain, shape)] : ['anull'])])

const graph = ({ index }: AudioTrack, steps: readonly string[]) => `[0:${index}]${steps.join(',')}[pcm]`
