import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What `npm start` starts. */
export const PROGRAM = `${ROOT}bin/soundlift.mjs`

/** Variables of an environment. */
export type Env = Readonly<Record<string, string>>

/** A program that was started: what it has said, and how it ends. */
export interface Program {
  readonly pid: number
  /** Lines of stdout and stderr so far, as they came. */
  readonly lines: readonly string[]
  /** Exit code and, when a signal ended it, its name; resolves when all output is read. */
  readonly exit: Promise<{ code: number | null; signal: string | null }>
  signal(name: NodeJS.Signals): void
}

/** What has not ended yet: it does not outlive the tests. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program with this environment and nothing else of ours but PATH and HOME. */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Program {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.group ?? false,
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  }
  running.add(child)
  child.once('close', () => running.delete(child))
  const signal = (name: NodeJS.Signals) => {
    if (options.group && child.pid !== undefined) process.kill(-child.pid, name)
    else child.kill(name)
  }
  return { pid: child.pid ?? -1, lines, exit: exitOf(child), signal }
}

export interface LaunchOptions {
  /** Signals go to all that it starts too: npm does not hand SIGTERM on. */
  readonly group?: boolean
  readonly env?: Env
  readonly cwd?: string
}

function exitOf(child: ChildProcess): Program['exit'] {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: LaunchOptions & { input?: string } = {},
) {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, { cwd: options.cwd ?? ROOT, env: { PATH, HOME, ...options.env } })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
  // It may have ended before it read.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const { code } = await exitOf(child)
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }
}

/** Runs `soundlift ARGS`. */
export function soundlift(args: readonly string[], options: LaunchOptions & { input?: string } = {}) {
  return run(process.execPath, [PROGRAM, ...args], options)
}
