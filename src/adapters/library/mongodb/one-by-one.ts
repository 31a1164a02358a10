import { withDeadline } from '../../../kit/closers.ts'

/** Milliseconds a deed waits for the one before it. */
const PATIENCE = 5_000

/**
 * Runs deeds of the same key one after another. It only spares them the conflicts they would otherwise have with each
 * other: whoever has waited long enough goes ahead, and other processes know nothing of it.
 */
export function oneByOne(): <T>(key: string, deed: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (key, deed) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = withDeadline(before, PATIENCE).then(deed, deed)
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
