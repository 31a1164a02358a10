import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll } from 'vitest'

/** A server by itself, or a replica set, which has transactions. */
export type MongodbKind = 'standalone' | 'replicaSet'

export interface MongodbBackend {
  /** The URL of an own database that does not exist yet; it is dropped when the tests end. */
  url(kind: MongodbKind): Promise<string>
  /** A server of one's own, for tests that end it. It ends with the tests at the latest. */
  start(kind: MongodbKind): Promise<Mongod>
}

/** A mongod started by the tests. */
export interface Mongod {
  /** Ends with a slash: the name of a database may follow. */
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** Milliseconds within which a started mongod takes writes, and one that runs already answers. */
const START = 30_000
const PROBE = 1_000
const STANDARD = 'mongodb://127.0.0.1:27017/'

/** True when the tests can have a server of this kind: one that runs, or a mongod to start. */
export async function mongodbIsThere(kind: MongodbKind): Promise<boolean> {
  return mongodPath() !== undefined || (await findRunning(kind)) !== undefined
}

/** True when the tests can have servers of their own. */
export const mongodIsThere = (): boolean => mongodPath() !== undefined

/** MongoDB for a file or a group of tests: call it where they are described. These kinds stand ready before the first. */
export function mongodbBackend(...kinds: readonly MongodbKind[]): MongodbBackend {
  const servers = new Map<MongodbKind, Promise<{ url: string; own: boolean }>>()
  const cleanups: (() => Promise<void>)[] = []
  const start = async (kind: MongodbKind) => {
    const server = await startMongod(kind)
    cleanups.push(server.stop)
    return server
  }
  const find = async (kind: MongodbKind) => {
    const running = await findRunning(kind)
    return running ? { url: running, own: false } : { url: (await start(kind)).url, own: true }
  }
  const serverOf = (kind: MongodbKind) => {
    const server = servers.get(kind) ?? find(kind)
    servers.set(kind, server)
    return server
  }
  beforeAll(async () => {
    await Promise.all(kinds.map(serverOf))
  }, 2 * START)
  afterAll(async () => {
    await Promise.all(cleanups.map((cleanup) => cleanup()))
  }, START)
  return {
    start,
    async url(kind) {
      const { url: server, own } = await serverOf(kind)
      const url = withDatabase(server, `soundlift_test_${randomBytes(6).toString('hex')}`)
      // What is written to a server of ours goes with it.
      if (!own) cleanups.push(() => dropDatabase(url))
      return url
    },
  }
}

/** The same URL with another database. */
function withDatabase(url: string, name: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]*)\/?[^?]*/, `$1/${name}`)
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url)
  await client.db().dropDatabase()
  await client.close()
}

/** The server of TEST_MONGODB_URL, else of the standard port, when it is of this kind. */
async function findRunning(kind: MongodbKind): Promise<string | undefined> {
  const url = process.env['TEST_MONGODB_URL'] ?? STANDARD
  return (await kindOf(url)) === kind ? url : undefined
}

/** Undefined when nothing answers there. */
async function kindOf(url: string): Promise<MongodbKind | undefined> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: PROBE })
  try {
    const hello = await client.db('admin').command({ hello: 1 })
    return hello['setName'] || hello['msg'] === 'isdbgrid' ? 'replicaSet' : 'standalone'
  } catch {
    return undefined
  } finally {
    await client.close()
  }
}

/** A mongod on PATH, or among the servers that may lie beside the checkout. */
function mongodPath(): string | undefined {
  const beside = resolve('../shared/bin/servers')
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  if (!folders.some(hasMongod) && existsSync(beside)) {
    folders.push(execFileSync(beside, ['mongod'], { encoding: 'utf8' }).trim())
  }
  const folder = folders.find(hasMongod)
  return folder && join(folder, 'mongod')
}

function hasMongod(folder: string): boolean {
  try {
    accessSync(join(folder, 'mongod'), constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function startMongod(kind: MongodbKind): Promise<Mongod> {
  const path = mongodPath()
  if (path === undefined) throw new Error('there is no mongod on PATH')
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-mongod-'))
  const port = await freePort()
  const child = spawn(path, argumentsFor(kind, folder, port), { stdio: 'ignore' })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  const stop = async () => {
    kill()
    await ended
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  const url = `mongodb://127.0.0.1:${port}/`
  try {
    await Promise.race([takesWrites(url, kind), ended.then(() => Promise.reject(new Error(`${path} ended`)))])
  } catch (error) {
    await stop()
    throw error
  }
  return { url, process: child, stop }
}

function argumentsFor(kind: MongodbKind, folder: string, port: number): string[] {
  const place = ['--dbpath', folder, '--logpath', join(folder, 'log'), '--nounixsocket']
  const address = ['--bind_ip', '127.0.0.1', '--port', `${port}`]
  const small = ['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false']
  const replicaSet = kind === 'replicaSet' ? ['--replSet', 'rs0', '--oplogSize', '64'] : []
  return [...place, ...address, ...small, ...replicaSet]
}

/** Waits until the server does; makes its replica set. */
async function takesWrites(url: string, kind: MongodbKind): Promise<void> {
  const direct = new MongoClient(url, { directConnection: true, serverSelectionTimeoutMS: START })
  if (kind === 'replicaSet') {
    const config = { _id: 'rs0', members: [{ _id: 0, host: new URL(url).host }] }
    await direct.db('admin').command({ replSetInitiate: config }, { readPreference: 'nearest' })
  }
  await direct.close()
  const client = new MongoClient(url, { serverSelectionTimeoutMS: START })
  await client.db('admin').command({ ping: 1 })
  await client.close()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
