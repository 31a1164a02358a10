import { every } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Hold } from '../../ports/library.ts'
import type { ConverterParts } from './parts.ts'

/** A cancel is noticed within this, and progress written at most this often, milliseconds. */
const LONGEST_BEAT = 1_000

export interface Heartbeat {
  /** Work has moved: new bytes were read or written, or media time went on. */
  moved(progress?: number): void
  stop(): Promise<void>
}

/**
 * Keeps the hold of a running attempt. The lease is prolonged only when work has moved since the last time, so that
 * a hung decoder loses it; in between, the row is only read. `onLost` is called when the conversion was cancelled or
 * taken over. A library that does not answer is no reason to stop: without it nobody else can take over either.
 */
export function startHeartbeat(
  { library, settings, now }: ConverterParts,
  hold: Hold,
  onLost: () => void,
  logger: Logger,
): Heartbeat {
  const { leaseMs } = settings
  let progress = 0
  let hasMoved = false

  const stillHeld = async (): Promise<boolean> => {
    if (hasMoved) {
      hasMoved = false
      return library.renew(hold, { now: now(), leaseMs, progress })
    }
    const row = await library.conversion(hold.id)
    return row?.state === 'running' && row.fence === hold.fence
  }
  const beat = async () => {
    try {
      if (!(await stillHeld())) onLost()
    } catch (error) {
      hasMoved = true
      logger.warn({ err: error }, 'the lease can not be renewed now')
    }
  }
  const beats = every(Math.min(LONGEST_BEAT, leaseMs / 3), beat)
  return {
    moved(reached = progress) {
      progress = reached
      hasMoved = true
    },
    stop: () => beats.stop(),
  }
}
