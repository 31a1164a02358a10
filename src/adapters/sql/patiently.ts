import { setTimeout as delay } from 'node:timers/promises'
import { isBusy, sqlError } from './sql-error.ts'

/** Milliseconds a statement waits for the lock of another process or connection. */
const PATIENCE = 10_000
const PAUSE = 5

/**
 * Runs `deed`, again and again while another holds SQLite's lock; fails with an AppError. SQLite's own
 * busy_timeout would block the thread: the holder, when it is a connection of this process, could never let go.
 */
export async function patiently<T>(deed: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return await deed()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw sqlError(error)
    }
    await delay(PAUSE * (0.5 + Math.random()))
  }
}
