import { afterEach, beforeEach } from 'vitest'

interface Store {
  close(): Promise<void>
}

/**
 * For contract suites: a new place per test, opened as often as the test wants (two openings are two replicas),
 * everything closed at its end.
 */
export function openings<S extends Store>(place: () => Promise<() => Promise<S>>): () => Promise<S> {
  const opened: S[] = []
  let openHere: () => Promise<S>
  beforeEach(async () => {
    openHere = await place()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
  })
  return async () => {
    const store = await openHere()
    opened.push(store)
    return store
  }
}
