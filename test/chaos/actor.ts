import { freePort } from '../support/free-port.ts'
import { launch, PROGRAM, type Program } from '../support/program.ts'
import { until } from '../support/wait.ts'

export type Role = 'gateway' | 'auth' | 'converter' | 'notification'

/** One service in a process of its own, which may end and come again on the same port. */
export interface Actor {
  readonly name: string
  readonly role: Role
  readonly url: string
  readonly pid: number
  /** What it has said, in all its lives. */
  readonly lines: readonly string[]
  /** How it ended without being told to; empty when it never did. */
  readonly falls: readonly string[]
  start(): void
  ready(): Promise<void>
  signal(name: NodeJS.Signals): void
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

export async function newActor(name: string, role: Role, env: Readonly<Record<string, string>>) {
  const port = await freePort()
  return createActor(name, role, { ...env, PORT: `${port}` }, `http://127.0.0.1:${port}`)
}

function createActor(name: string, role: Role, env: Readonly<Record<string, string>>, url: string): Actor {
  const lives: Program[] = []
  const falls: string[] = []
  const asked = new Set<Program>()
  const now = () => {
    const program = lives.at(-1)
    if (!program) throw new Error(`${name} was never started`)
    return program
  }
  const end = async (signal: NodeJS.Signals) => {
    const program = now()
    asked.add(program)
    program.signal(signal)
    return (await program.exit).code
  }
  const watch = async (program: Program) => {
    const { code, signal } = await program.exit
    const last = program.lines.slice(-15).join('\n')
    if (!asked.has(program)) falls.push(`${name} ended by itself (${code ?? signal}):\n${last}`)
  }
  return {
    name,
    role,
    url,
    falls,
    get pid() {
      return now().pid
    },
    get lines() {
      return lives.flatMap((program) => program.lines)
    },
    start() {
      const program = launch(process.execPath, [PROGRAM, 'serve', role], { env })
      lives.push(program)
      void watch(program)
    },
    ready: () =>
      until(`${name} is ready`, async () => {
        if (falls.length > 0) throw new Error(falls.join('\n'))
        return (await isReady(url)) || undefined
      }).then(() => {}),
    signal: (signal) => now().signal(signal),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

/** Does /readyz say so? */
export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.status === 200
}
