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
  const [rabbitmq, mongodb, postgres] = await Promise.all([
    startRabbitmq(),
    startMongod('replicaSet'),
    startPostgres(),
  ])
  const all = [rabbitmq, mongodb, postgres]
  const stop = async () => void (await Promise.all(all.map((server) => server.stop())))
  return { rabbitmq, mongodb, postgres, stop }
}
