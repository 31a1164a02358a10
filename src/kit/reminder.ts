/** Milliseconds until the same is said again. */
const AGAIN = 60_000

/** Says of each reason what it is when it comes up, and once a minute while it lasts: an outage is no flood of lines. */
export function createReminder(say: (reason: string) => void): (reason: string) => void {
  const saidAt = new Map<string, number>()
  return (reason) => {
    const now = performance.now()
    for (const [each, at] of saidAt) if (now - at >= AGAIN) saidAt.delete(each)
    if (saidAt.has(reason)) return
    saidAt.set(reason, now)
    say(reason)
  }
}
