import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

/** A server that the tests started; it ends with them at the latest. */
export interface OwnServer {
  readonly process: ChildProcess
  /** Where it keeps its data. */
  readonly folder: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on what it left on disk. */
  startAgain(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

export interface OwnServerOptions {
  /** What is in it belongs to the server. */
  readonly folder: string
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Resolves when it can be used. */
  ready(): Promise<unknown>
}

/** A new folder for a server. */
export const serverFolder = (name: string) => mkdtemp(join(tmpdir(), `soundlift-${name}-`))

/** Starts a server and waits until it is ready. */
export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const removeFolder = () => rm(options.folder, { recursive: true, force: true })
  let running = await run(options).catch(async (error: unknown) => {
    await removeFolder()
    throw error
  })
  return {
    folder: options.folder,
    get process() {
      return running.child
    },
    kill: () => running.kill(),
    async startAgain() {
      running = await run(options)
    },
    async stop() {
      await running.kill()
      await removeFolder()
    },
  }
}

/** A script starts the server as its child: both are in a process group of their own, and end together. */
async function run({ command, args = [], env = process.env, ready }: OwnServerOptions) {
  const child = spawn(command, args, { env, stdio: 'ignore', detached: true })
  const ended = once(child, 'exit')
  const killNow = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {} // gone already
  }
  process.once('exit', killNow)
  const kill = async () => {
    killNow()
    await ended
    process.off('exit', killNow)
  }
  try {
    await Promise.race([ready(), ended.then(() => Promise.reject(new Error(`${command} ended`)))])
  } catch (error) {
    await kill()
    throw error
  }
  return { child, kill }
}

/** Where a program lies: in one of these, one of PATH, or of the servers that may lie beside the checkout. */
export function folderOf(program: string, first: readonly string[] = []): string | undefined {
  const has = (folder: string) => isExecutable(join(folder, program))
  return [...first, ...(process.env['PATH'] ?? '').split(delimiter)].find(has) ?? unpackedBeside(program)
}

function unpackedBeside(program: string): string | undefined {
  const servers = resolve('../shared/bin/servers')
  if (!existsSync(`${resolve('../shared/bin', program)}.xz`)) return undefined
  return execFileSync(servers, [program], { encoding: 'utf8' }).trim()
}

/** True for a program that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
