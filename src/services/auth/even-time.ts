import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds: what a busy moment adds to a check must not slow down every refusal after it. */
const LONGEST = 1_000

/**
 * Waits before a login is refused until as much time has passed since `begun` (of `performance.now`) as the slowest
 * `slow` check took in this process: time does not tell which account has an imported hash. Without one it waits for
 * nothing.
 */
export function createEvenTime(): (begun: number, slow: boolean) => Promise<void> {
  let slowest = 0
  return async (begun, slow) => {
    const took = performance.now() - begun
    if (slow) slowest = Math.min(LONGEST, Math.max(slowest, took))
    if (took < slowest) await delay(slowest - took)
  }
}
