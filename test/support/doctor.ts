import { type Env, soundlift } from './program.ts'

/** A part as `soundlift doctor --json` tells it. */
export interface Part {
  readonly name: string
  readonly state: 'well' | 'warning' | 'failure'
  readonly facts: readonly string[]
  readonly findings: readonly { severity: string; what: string; mend: string }[]
  readonly clockAhead: number | null
}

/** Runs `soundlift doctor` with these settings. */
export async function doctor(env: Env, ...args: readonly string[]) {
  const started = Date.now()
  const { code, out, err } = await soundlift(['doctor', ...args, '--json'], { env })
  const parts: readonly Part[] = JSON.parse(out).parts
  const part = (name: string): Part => {
    const found = parts.find((each) => each.name === name)
    if (found) return found
    throw new Error(`no ${name} among ${parts.map((each) => each.name).join(', ')}`)
  }
  /** What is wrong with a part, and what mends it. */
  const wrong = (name: string) =>
    part(name)
      .findings.map(({ what, mend }) => `${what} → ${mend}`)
      .join('\n')
  return { code, out, err, part, parts, wrong, seconds: (Date.now() - started) / 1_000 }
}
