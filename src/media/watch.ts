import { AppError } from '../domain/errors.ts'
import type { Limits } from './convert.ts'

/** How often progress is looked at, milliseconds: five times a second. */
const LOOK = 200

/** What is looked at while a conversion runs. */
export interface Gauge {
  /** Anything that grows while work goes on; its standing still is a stall. */
  readonly work: number
  /** Seconds of media so far. */
  readonly seconds: number
  /** 0 to 1. */
  readonly progress: number
}

/** Ends a conversion that is cancelled, too long or stuck: `ended` rejects with the reason, and never resolves. */
export interface Watch {
  readonly ended: Promise<never>
  /** What to look at from now on. */
  gauge(read: () => Gauge): void
  stop(): void
}

/** Starts watching. `onProgress` is called when media time has advanced, with a number that never falls. */
export function startWatch(
  limits: Limits,
  signal: AbortSignal | undefined,
  onProgress: (progress: number) => void,
): Watch {
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => {})
  const started = Date.now()
  let read: () => Gauge = () => ({ work: 0, seconds: 0, progress: 0 })
  let last: Gauge = read()
  let moved = started

  const look = () => {
    const now = Date.now()
    const gauge = read()
    if (gauge.work > last.work) moved = now
    if (gauge.seconds > last.seconds) onProgress(Math.max(last.progress, Math.min(1, gauge.progress)))
    last = { ...gauge, progress: Math.max(last.progress, gauge.progress) }
    if (gauge.seconds * 1000 > limits.maxDuration) ended.reject(new AppError('MEDIA_TOO_LONG'))
    else if (now - started > limits.jobTimeout) ended.reject(new AppError('CONVERSION_TIMEOUT'))
    else if (now - moved > limits.stallTimeout) ended.reject(new AppError('CONVERSION_STALLED'))
  }
  const cancel = () => ended.reject(new AppError('CONVERSION_CANCELLED'))
  const timer = setInterval(look, LOOK)
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  return {
    ended: ended.promise,
    gauge(next) {
      read = next
    },
    stop() {
      clearInterval(timer)
      signal?.removeEventListener('abort', cancel)
    },
  }
}
