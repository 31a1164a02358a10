import { type Rabbitmq, startRabbitmq } from '../support/backends/amqp.ts'
import { startMongod } from '../support/backends/mongodb.ts'
import type { OwnServer as Started } from '../support/backends/own-server.ts'
import { startPostgres } from './postgres-server.ts'

/** A server that belongs to these tests alone. */
export type OwnServer = Pick<Started, 'kill' | 'startAgain' | 'stop'> & { readonly url: string }

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
