import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { type Rabbitmq, startRabbitmq } from '../support/backends/amqp.ts'
import { startMongod } from '../support/backends/mongodb.ts'
import { startPostgres } from './postgres-server.ts'

/** A server that belongs to these tests alone. */
export interface OwnServer {
  readonly url: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on what it left on disk; resolves when it takes writes. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

export interface Servers {
  readonly rabbitmq: Rabbitmq
  readonly mongodb: OwnServer
  readonly postgres: OwnServer
  stop(): Promise<void>
}

/** The real parts of the first pairing: accounts in PostgreSQL, library and blobs in MongoDB, RabbitMQ. */
export async function startServers(): Promise<Servers> {
  const [rabbitmq, mongodb, postgres] = await Promise.all([startRabbitmq(), startMongodb(), startPostgres()])
  const all = [rabbitmq, mongodb, postgres]
  const stop = async () => void (await Promise.all(all.map((server) => server.stop())))
  return { rabbitmq, mongodb, postgres, stop }
}

const START = 60_000

async function startMongodb(): Promise<OwnServer> {
  const mongod = await startMongod('replicaSet')
  let server = mongod.process
  const end = () => void server.kill('SIGKILL')
  process.once('exit', end)
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    end()
    await ended
  }
  return {
    url: mongod.url,
    kill,
    async startAgain() {
      const { spawnfile, spawnargs } = mongod.process
      server = spawn(spawnfile, spawnargs.slice(1), { stdio: 'ignore' })
      const client = new MongoClient(mongod.url, { serverSelectionTimeoutMS: START })
      await client.db('admin').command({ ping: 1 }, { readPreference: 'primary' })
      await client.close()
    },
    async stop() {
      await kill()
      process.off('exit', end)
      await mongod.stop()
    },
  }
}
