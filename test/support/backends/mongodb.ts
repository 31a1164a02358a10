import { join } from 'node:path'
import { MongoClient, MongoServerError } from 'mongodb'
import { afterAll, beforeAll } from 'vitest'
import { freePort } from '../free-port.ts'
import { folderOf, type OwnServer, serverFolder, startOwnServer } from './own-server.ts'
import { type Owned, ownName } from './owned.ts'

/** A server by itself, or a replica set, which has transactions. */
export type MongodbKind = 'standalone' | 'replicaSet'

export interface MongodbBackend {
  /** The URL of an own database that does not exist yet; it is dropped when the tests end. */
  url(kind: MongodbKind): Promise<string>
  /** A server of one's own, for tests that end it. It ends with the tests at the latest. */
  start(kind: MongodbKind): Promise<Mongod>
}

/** A mongod started by the tests. */
export interface Mongod extends OwnServer {
  /** Ends with a slash: the name of a database may follow. */
  readonly url: string
}

/** Milliseconds within which a started mongod takes writes, and one that runs already answers. */
const START = 30_000
const PROBE = 1_000
/** What a server says that has read its own configuration meanwhile. */
const ALREADY_INITIALIZED = 23
const STANDARD = 'mongodb://127.0.0.1:27017/'

/** True when the tests can have a server of this kind: one that runs, or a mongod to start. */
export async function mongodbIsThere(kind: MongodbKind): Promise<boolean> {
  return mongodPath() !== undefined || (await runningMongodb(kind)) !== undefined
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
    const running = await runningMongodb(kind)
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
      const url = withDatabase(server, ownName('_'))
      // What is written to a server of ours goes with it.
      if (!own) cleanups.push(() => dropDatabase(url))
      return url
    },
  }
}

/** New databases on the replica set that runs, of one name and these endings. */
export async function mongodbDatabases<Ending extends string>(
  ...endings: readonly Ending[]
): Promise<{ url(ending: Ending): string; drop(): Promise<void> }> {
  const server = await runningMongodb('replicaSet')
  if (server === undefined) throw new Error('no MongoDB replica set runs')
  const name = ownName('_')
  const url = (ending: Ending) => withDatabase(server, `${name}${ending}`)
  return { url, drop: async () => void (await Promise.all(endings.map(url).map(dropDatabase))) }
}

/** A new database for a program without hooks: on a server that runs, else on one that is started for it. */
export async function mongodbDatabase(kind: MongodbKind): Promise<Owned> {
  const running = await runningMongodb(kind)
  if (running === undefined) {
    const server = await startMongod(kind)
    return { url: withDatabase(server.url, ownName('_')), drop: server.stop }
  }
  const url = withDatabase(running, ownName('_'))
  return { url, drop: () => dropDatabase(url) }
}

/** The bytes of all chunks of the bucket `fs`, also of those that belong to no file. */
export async function bytesInGridfs(url: string): Promise<number> {
  const client = new MongoClient(url)
  const chunks = client.db().collection('fs.chunks')
  const [found] = await chunks
    .aggregate<{ bytes: number }>([{ $group: { _id: null, bytes: { $sum: { $binarySize: '$data' } } } }])
    .toArray()
  await client.close()
  return found?.bytes ?? 0
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
export async function runningMongodb(kind: MongodbKind): Promise<string | undefined> {
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

function mongodPath(): string | undefined {
  const folder = folderOf('mongod')
  return folder && join(folder, 'mongod')
}

/** A server of one's own outside of a group of tests; whoever starts it stops it. */
export async function startMongod(kind: MongodbKind): Promise<Mongod> {
  const command = mongodPath()
  if (command === undefined) throw new Error('there is no mongod on PATH')
  const folder = await serverFolder('mongod')
  const port = await freePort()
  const url = `mongodb://127.0.0.1:${port}/`
  const args = argumentsFor(kind, folder, port)
  const server = await startOwnServer({ folder, command, args, ready: () => takesWrites(url, kind) })
  return Object.assign(server, { url })
}

function argumentsFor(kind: MongodbKind, folder: string, port: number): string[] {
  const place = ['--dbpath', folder, '--logpath', join(folder, 'log'), '--nounixsocket']
  const address = ['--bind_ip', '127.0.0.1', '--port', `${port}`]
  const small = ['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false']
  const replicaSet = kind === 'replicaSet' ? ['--replSet', 'rs0', '--oplogSize', '64'] : []
  return [...place, ...address, ...small, ...replicaSet]
}

/** Waits until the server does. */
async function takesWrites(url: string, kind: MongodbKind): Promise<void> {
  if (kind === 'replicaSet') await makeReplicaSet(url)
  const client = new MongoClient(url, { serverSelectionTimeoutMS: START })
  await client.db('admin').command({ ping: 1 }, { readPreference: 'primary' })
  await client.close()
}

/** Of this server alone; one that was started again has it already. */
async function makeReplicaSet(url: string): Promise<void> {
  const direct = new MongoClient(url, { directConnection: true, serverSelectionTimeoutMS: START })
  const admin = direct.db('admin')
  const hello = await admin.command({ hello: 1 }, { readPreference: 'nearest' })
  if (hello['setName'] === undefined) {
    const config = { _id: 'rs0', members: [{ _id: 0, host: new URL(url).host }] }
    await admin
      .command({ replSetInitiate: config }, { readPreference: 'nearest' })
      .catch((error: unknown) => {
        if (!(error instanceof MongoServerError && error.code === ALREADY_INITIALIZED)) throw error
      })
  }
  await direct.close()
}
