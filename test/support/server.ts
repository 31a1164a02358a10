import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, PROGRAM, type Program } from './program.ts'
import { until } from './wait.ts'

/** The product, running. Tests know its address and its process, nothing of its inside. */
export interface Server {
  /** The gateway. */
  readonly url: string
  readonly dataDir: string
  readonly pid: number
  /** What it has said so far. */
  readonly lines: readonly string[]
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>
  /** A new process on the same folder and port, after this one has ended. */
  again(env?: Env): Promise<Server>
  /** Ends it, whatever its state, and removes its folder. */
  remove(): Promise<void>
}

export type Env = Readonly<Record<string, string>>

/** Which services share a process. `many` (one each, on real parts) joins this table with the drivers it needs. */
const TOPOLOGIES: Readonly<Record<string, readonly string[]>> = { one: ['serve'] }

/** Starts the product on a free port and a folder of its own, and waits until it is ready. */
export async function startServer(env: Env = {}, dataDir?: string): Promise<Server> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'soundlift-data-')))
  const port = env['PORT'] ?? `${await freePort()}`
  const args = TOPOLOGIES[process.env['TOPOLOGY'] ?? 'one']
  if (!args) throw new Error(`TOPOLOGY is one of ${Object.keys(TOPOLOGIES).join(', ')}`)
  const settings = { DATA_DIR: folder, ...env, PORT: port }
  const program = launch(process.execPath, [PROGRAM, ...args], { env: settings })
  const url = `http://127.0.0.1:${port}`
  await ready(program, url)
  let asked = false
  const end = async (signal: NodeJS.Signals) => {
    asked = true
    program.signal(signal)
    return (await program.exit).code
  }
  void program.exit.then(({ code, signal }) => {
    const last = program.lines.slice(-20).join('\n')
    if (!asked) console.error(`soundlift ended by itself (${code ?? signal}):\n${last}`)
  })
  return {
    url,
    dataDir: folder,
    pid: program.pid,
    lines: program.lines,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL')
    },
    again: (more = {}) => startServer({ ...settings, ...more }, folder),
    async remove() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits for /readyz; fails with what the process said when it ends before. */
async function ready(program: Program, url: string): Promise<void> {
  let ended = false
  void program.exit.then(() => {
    ended = true
  })
  await until(`${url}/readyz answers 200`, async () => {
    if (ended) throw new Error(`soundlift ended before it was ready:\n${program.lines.join('\n')}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    await answer?.body?.cancel()
    return answer?.status === 200 ? true : undefined
  })
}

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())))
  })
  await new Promise((resolve) => server.close(resolve))
  return port
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
