import { setTimeout as pause } from 'node:timers/promises'

/** Asks every 50 ms until the answer is something; fails with `what` after `milliseconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  milliseconds = 50_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`)
    await pause(50)
  }
}
