import type { Env } from './program.ts'
import { launch, PROGRAM } from './program.ts'
import type { Place } from './topologies.ts'
import { until } from './wait.ts'

/** A process of the product. */
export interface Process extends Place {
  readonly pid: number
  /** What it has said so far. */
  readonly lines: readonly string[]
  /** Resolves when /readyz answers 200; fails with what the process said when it ends before. */
  ready(): Promise<void>
  /** Sends a signal and resolves with the exit code. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** Starts a process of the product at its place. */
export function startProcess(place: Place, more: Env = {}): Process {
  const { service, url } = place
  const env = { ...place.env, ...more }
  const program = launch(process.execPath, [PROGRAM, 'serve', service], { env })
  let asked = false
  let ended = false
  void program.exit.then(({ code, signal }) => {
    ended = true
    const last = program.lines.slice(-20).join('\n')
    if (!asked) console.error(`soundlift ${service} ended by itself (${code ?? signal}):\n${last}`)
  })
  const ready = async () => {
    if (ended) throw new Error(`soundlift ${service} ended before it was ready:\n${program.lines.join('\n')}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    await answer?.body?.cancel()
    return answer?.status === 200 || undefined
  }
  return {
    service,
    env,
    url,
    pid: program.pid,
    lines: program.lines,
    ready: async () => void (await until(`${service} at ${url}/readyz answers 200`, ready)),
    async end(signal) {
      asked = true
      program.signal(signal)
      return (await program.exit).code
    },
  }
}
