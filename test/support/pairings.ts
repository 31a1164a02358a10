import { join } from 'node:path'
import { amqpIsThere, amqpQueues } from './backends/amqp.ts'
import { bytesInGridfs, mongodbDatabases, mongodbIsThere } from './backends/mongodb.ts'
import { mysqlDatabase, mysqlIsThere } from './backends/mysql.ts'
import { postgresDatabase, postgresIsThere } from './backends/postgres.ts'
import { bytesInBucket, s3Bucket, s3IsThere } from './backends/s3.ts'
import { bytesIn } from './bytes-in.ts'
import type { Env } from './program.ts'
import type { Service } from './topologies.ts'

/** Places that were made for one server on the back ends, and the variables that lead there. */
export interface Parts {
  readonly env: Env
  /** Of a blob store: how many bytes lie there. */
  storedBytes?(): Promise<number>
  /** Removes what was made. */
  drop(): Promise<void>
}

/** One back end in its part: `folder` is one that all processes see. */
interface Choice {
  readonly backend: string
  isThere(): Promise<boolean>
  make(folder: string): Promise<Parts>
}

const POSTGRESQL = { backend: 'PostgreSQL', isThere: postgresIsThere }
const MARIADB = { backend: 'MySQL or MariaDB', isThere: mysqlIsThere }
const MONGODB = { backend: 'MongoDB', isThere: () => mongodbIsThere('replicaSet') }

const postgresAccounts: Choice = { ...POSTGRESQL, make: async () => accountsOn(await postgresDatabase()) }

const mariadbAccounts: Choice = { ...MARIADB, make: async () => accountsOn(await mysqlDatabase()) }

const postgresEverything: Choice = {
  ...POSTGRESQL,
  async make() {
    const { url, drop } = await postgresDatabase()
    return { env: { USERS_URL: url, NOTIFICATIONS_URL: url, LIBRARY_URL: url }, drop }
  },
}

const mongodbLibrary: Choice = {
  ...MONGODB,
  async make() {
    const { url, drop } = await mongodbDatabases('')
    return { env: { LIBRARY_URL: url('') }, drop }
  },
}

const mongodbAccountsAndLibrary: Choice = {
  ...MONGODB,
  async make() {
    const { url, drop } = await mongodbDatabases('')
    return { env: { USERS_URL: url(''), LIBRARY_URL: url('') }, drop }
  },
}

const gridfs: Choice = {
  ...MONGODB,
  async make() {
    const { url, drop } = await mongodbDatabases('-videos', '-mp3s')
    const env = { VIDEOS_URL: url('-videos'), MP3S_URL: url('-mp3s') }
    return {
      env,
      storedBytes: async () => sum(await Promise.all(Object.values(env).map(bytesInGridfs))),
      drop,
    }
  },
}

const s3: Choice = {
  backend: 'S3',
  isThere: s3IsThere,
  async make() {
    const { url, drop } = await s3Bucket()
    return { env: { BLOBS_URL: url }, storedBytes: () => bytesInBucket(url), drop }
  },
}

const files: Choice = {
  backend: 'files',
  isThere: async () => true,
  async make(folder) {
    const blobs = join(folder, 'blobs')
    return { env: { BLOBS_URL: `file:${blobs}` }, storedBytes: () => bytesIn(blobs), drop: async () => {} }
  },
}

const rabbitmq: Choice = {
  backend: 'RabbitMQ',
  isThere: amqpIsThere,
  async make() {
    const { url, queues, drop } = await amqpQueues()
    return { env: { BROKER_URL: url, VIDEO_QUEUE: queues.video, MP3_QUEUE: queues.mp3 }, drop }
  },
}

const noBroker: Choice = {
  backend: 'no broker',
  isThere: async () => true,
  make: async () => ({ env: { BROKER_URL: 'off' }, drop: async () => {} }),
}

/** What processes share. */
export interface Pairing {
  readonly name: string
  readonly choices: readonly Choice[]
  /** Who runs; all four without it. */
  readonly services?: readonly Service[]
}

/** Accounts and files, and nothing that converts. */
export const FILE_SERVICE: Pairing = {
  name: 'MongoDB for all, S3, no broker',
  choices: [mongodbAccountsAndLibrary, s3, noBroker],
  services: ['gateway', 'auth'],
}

/** What four processes may share. The first one is what TOPOLOGY=many runs on. */
export const PAIRINGS: readonly [Pairing, ...Pairing[]] = [
  {
    name: 'PostgreSQL, MongoDB, GridFS, RabbitMQ',
    choices: [postgresAccounts, mongodbLibrary, gridfs, rabbitmq],
  },
  {
    name: 'PostgreSQL, MongoDB, files, RabbitMQ',
    choices: [postgresAccounts, mongodbLibrary, files, rabbitmq],
  },
  { name: 'PostgreSQL, MongoDB, S3, RabbitMQ', choices: [postgresAccounts, mongodbLibrary, s3, rabbitmq] },
  {
    name: 'MariaDB, MongoDB, GridFS, RabbitMQ',
    choices: [mariadbAccounts, mongodbLibrary, gridfs, rabbitmq],
  },
  { name: 'PostgreSQL for all, S3, RabbitMQ', choices: [postgresEverything, s3, rabbitmq] },
]

/** The back ends of a pairing that this machine does not have. */
export async function absentFrom({ choices }: Pairing): Promise<readonly string[]> {
  const asked = choices.map(async ({ backend, isThere }) => ((await isThere()) ? [] : [backend]))
  return [...new Set((await Promise.all(asked)).flat())]
}

/** Makes the places of a pairing. */
export async function makeParts(choices: Pairing['choices'], folder: string): Promise<Required<Parts>> {
  const parts = await Promise.all(choices.map((choice) => choice.make(folder)))
  return {
    env: Object.assign({}, ...parts.map(({ env }) => env)),
    storedBytes: async () => sum(await Promise.all(parts.map((part) => part.storedBytes?.() ?? 0))),
    drop: async () => void (await Promise.all(parts.map((part) => part.drop()))),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function accountsOn({ url, drop }: { url: string; drop(): Promise<void> }): Parts {
  return { env: { USERS_URL: url, NOTIFICATIONS_URL: url }, drop }
}
