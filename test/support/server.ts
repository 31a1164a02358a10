import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PAIRINGS } from './pairings.ts'
import { startProcess } from './process.ts'
import type { Env } from './program.ts'
import { another, type Layout, many, one, type Service, type Topology } from './topologies.ts'

/** The product, running, in one process or several. Tests know its address, nothing of its inside. */
export interface Server {
  /** The gateway. */
  readonly url: string
  /** Of the process with the gateway in it. */
  readonly pid: number
  /** A folder that all processes see; in one process its DATA_DIR. */
  readonly dataDir: string
  /** What a command beside the server is told to reach the same parts. */
  readonly settings: Env
  /** What it has said so far. */
  readonly lines: readonly string[]
  /** How many bytes lie in the blob stores. */
  storedBytes(): Promise<number>
  /** SIGTERM; resolves with the exit code, of several processes with the first that is not 0. */
  stop(): Promise<number | null>
  /** SIGKILL: no goodbye. With a name: the oldest process of this service. */
  kill(service?: Service): Promise<void>
  /** One more process of a service. */
  add(service: Service): Promise<void>
  /** New processes on the same parts and ports, after these have ended. */
  again(env?: Env): Promise<Server>
  /** Ends it, whatever its state, and removes its folder and its places on the back ends. */
  remove(): Promise<void>
}

const TOPOLOGIES: Readonly<Record<string, Topology>> = {
  one,
  many: many(PAIRINGS[0]),
}

function chosen(): Topology {
  const topology = TOPOLOGIES[process.env['TOPOLOGY'] ?? 'one']
  if (!topology) throw new Error(`TOPOLOGY is one of ${Object.keys(TOPOLOGIES).join(', ')}`)
  return topology
}

/** Starts the product on free ports and places of its own, and waits until it is ready. */
export async function startServer(env: Env = {}, topology: Topology = chosen()): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-data-'))
  return start(await topology(env, folder), folder)
}

async function start(layout: Layout, folder: string, more: Env = {}): Promise<Server> {
  const processes = layout.places.map((place) => startProcess(place, more))
  const all = (signal: 'SIGTERM' | 'SIGKILL') => Promise.all(processes.map((each) => each.end(signal)))
  const remove = async () => {
    await all('SIGKILL')
    await layout.drop()
    await rm(folder, { recursive: true, force: true })
  }
  await Promise.all(processes.map((each) => each.ready())).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return {
    url: layout.places[0]?.url ?? '',
    pid: processes[0]?.pid ?? -1,
    dataDir: folder,
    settings: layout.settings,
    get lines() {
      return processes.flatMap((each) => each.lines)
    },
    storedBytes: layout.storedBytes,
    stop: async () => (await all('SIGTERM')).find((code) => code !== 0) ?? 0,
    async kill(service) {
      if (!service) await all('SIGKILL')
      else await processes.find((each) => each.service === service)?.end('SIGKILL')
    },
    async add(service) {
      const added = startProcess(await another(service, layout), more)
      processes.push(added)
      await added.ready()
    },
    again: (env = {}) => start(layout, folder, { ...more, ...env }),
    remove,
  }
}
