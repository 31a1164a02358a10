import { formatOf } from '../domain/format.ts'
import type { Wish } from '../domain/wish/wish.ts'
import type { Engine } from './ffmpeg/engine.ts'
import { HEARD } from './ffmpeg/protocol.ts'
import { QUIET } from './ffmpeg/whitelist.ts'
import type { Loudness } from './meter/meter.ts'
import { type Gain, listening, TRUE_PEAK_LIMIT } from './plan/filters.ts'
import { pickShape } from './plan/shape.ts'
import { openToDecode, type Probe } from './probe.ts'

/** What a pass over all of the sound tells before it is converted. */
export interface Measured {
  /** null for silence. */
  readonly loudness: Loudness | null
  /** Seconds of the part that is wanted. */
  readonly seconds: number
}

/** Must the sound be heard once before it is converted? For a loudness, and for a size where no length is told. */
export const needsMeasuring = ({ duration }: Probe, wish: Wish) =>
  wish.loudness !== undefined || (wish.size !== undefined && duration === null)

/** Decodes what is wanted of the source, as it sounds with this gain, and keeps nothing but what the meter says. */
export async function measure(
  engine: Engine,
  probed: Probe,
  wish: Wish,
  gain: Gain | null = null,
): Promise<Measured> {
  const shape = pickShape(probed.track, wish, formatOf(wish.format))
  const graph = ['-filter_complex', listening(probed.track, wish, shape, gain), '-map', '[pcm]']
  const { loudness, log } = await engine.run(
    [...QUIET, ...openToDecode(probed), ...graph, '-f', 'f32le', HEARD],
    {
      meter: { ...shape, sample: 'f32le' },
    },
  )
  return { loudness, seconds: readTime(log) }
}

/** `size=N/A time=00:01:11.06 bitrate=N/A`, the last line of a run. */
function readTime(log: readonly string[]): number {
  const line = log.findLast((each) => each.includes(' time='))
  const [, hours, minutes, seconds] = / time=(\d+):(\d\d):(\d\d\.\d+)/.exec(line ?? '') ?? []
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
}

/** The meter's lowest reading; what is as soft as that is silence. */
const SILENCE = -69

/** Held-down peaks make a sound softer: the gain is corrected by what is heard, this often at most. */
const CORRECTIONS = 2
/** LU that may be missing. */
const CLOSE = 0.1

/** How a sound comes to the loudness that is wished for; null when nothing is wished for or nothing is to be heard. */
export async function findGain(
  measured: Measured | null,
  wish: Wish,
  hear: (gain: Gain) => Promise<Measured>,
): Promise<Gain | null> {
  const { loudness } = measured ?? {}
  const target = wish.loudness
  if (target === undefined || !loudness || loudness.integrated <= SILENCE) return null
  let gain = target - loudness.integrated
  const limit = gain > 0 && loudness.truePeak + gain > TRUE_PEAK_LIMIT
  for (let turn = 0; limit && turn < CORRECTIONS; turn++) {
    const missing = target - ((await hear({ gain, limit })).loudness?.integrated ?? target)
    if (Math.abs(missing) <= CLOSE) break
    gain += missing
  }
  return { gain, limit }
}
