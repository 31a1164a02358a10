import { AppError } from '../../domain/errors.ts'
import { bitratesFor, type Format } from '../../domain/format.ts'
import { fitBitrate, likelySize, type Shape } from '../../domain/result-size.ts'
import type { Wish } from '../../domain/wish/wish.ts'
import { formatClock, formatSize } from '../../kit/units.ts'
import type { Probe } from '../probe.ts'
import { pickBitrate } from './shape.ts'

/** Seconds of the source that are wanted; null where the source does not say how long it is. */
export function wantedSeconds(
  { duration }: Pick<Probe, 'duration'>,
  { start = 0, end }: Wish,
): number | null {
  if (duration === null) return end === undefined ? null : end - start
  return Math.max(0, Math.min(end ?? duration, duration) - start)
}

/** The highest bitrate whose result has at most `size` bytes, and no more than the source has itself. */
export function bitrateToFit(probe: Probe, wish: Wish, format: Format, shape: Shape, size: number): number {
  const seconds = wantedSeconds(probe, wish)
  if (seconds === null)
    throw new AppError(
      'WISH_UNMET',
      'The file does not say how long it is: ask for a bitrate instead of a size.',
    )
  const fitting = fitBitrate({ format, seconds, ...shape }, size)
  if (fitting === undefined) throw tooLong(format, shape, seconds, size)
  const best = pickBitrate(probe, { ...wish, quality: 'best' }, format, shape)
  return Math.min(fitting, best ?? fitting)
}

function tooLong(format: Format, shape: Shape, seconds: number, size: number): AppError {
  const bitrate = bitratesFor(format, shape)?.min ?? 0
  const least = likelySize({ format, seconds, ...shape, bitrate })
  return new AppError(
    'WISH_UNMET',
    `${formatClock(seconds)} of ${format.name} do not fit into ${formatSize(Math.max(0, size))}: at its lowest bitrate, ${bitrate / 1000}k, it has ${formatSize(least)}. Ask for more, for a part of it, or for another format.`,
  )
}
