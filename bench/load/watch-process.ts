import { readdirSync } from 'node:fs'
import { residentBytes } from '../measure.ts'

/** What a process held at one moment. */
export interface Sample {
  /** Seconds since the watch began. */
  readonly at: number
  readonly bytes: number
  readonly descriptors: number
}

/** Looks at a process every so many milliseconds, from /proc; `stop` gives what was seen. */
export function watchProcess(pid: number, milliseconds: number): { stop(): readonly Sample[] } {
  const samples: Sample[] = []
  const begun = performance.now()
  const look = () => {
    const descriptors = readdirSync(`/proc/${pid}/fd`).length
    samples.push({ at: (performance.now() - begun) / 1000, bytes: residentBytes(pid), descriptors })
  }
  const timer = setInterval(look, milliseconds)
  return {
    stop() {
      clearInterval(timer)
      look()
      return samples
    },
  }
}

/** By how much a value grows in a second: the line of least squares. */
export function slope(samples: readonly Sample[], of: 'bytes' | 'descriptors'): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [t, v] = [mean(samples.map(({ at }) => at)), mean(samples.map((each) => each[of]))]
  const along = samples.reduce((sum, each) => sum + (each.at - t) * (each[of] - v), 0)
  return along / samples.reduce((sum, each) => sum + (each.at - t) ** 2, 0)
}
