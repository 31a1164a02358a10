import { setTimeout as delay } from 'node:timers/promises'
import { isConflict } from './sql-error.ts'

const TRIES = 6
/** Milliseconds before the first repetition at most; twice as long before each further one. */
const PAUSE = 20

/**
 * A store whose calls are repeated when the server chose them as the victim of a deadlock: it has rolled them back,
 * and each is one transaction.
 */
export function repeatConflicts<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => repeated(async () => Reflect.apply(value, target, args))
    },
  })
}

async function repeated(deed: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await deed()
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error
    }
    await delay(Math.random() * PAUSE * 2 ** (tries - 1))
  }
}
