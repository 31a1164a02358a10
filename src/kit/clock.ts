import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds since the Unix epoch; handed in where a test wants to move time. */
export type Clock = () => number

/** Runs `deed` every `milliseconds`, one at a time, until `stop()`; `stop` waits for the run under way. */
export function every(
  milliseconds: number,
  deed: (signal: AbortSignal) => Promise<void>,
): { stop(): Promise<void> } {
  const ended = new AbortController()
  const turn = async () => {
    while (!ended.signal.aborted) {
      await deed(ended.signal)
      await delay(milliseconds, undefined, { signal: ended.signal, ref: false }).catch(() => {})
    }
  }
  const running = turn()
  return {
    async stop() {
      ended.abort()
      await running
    },
  }
}
