import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connect } from 'amqplib'
import { afterAll, beforeAll } from 'vitest'
import { freePort } from '../free-port.ts'
import { until } from '../wait.ts'
import { folderOf, type OwnServer, serverFolder, startOwnServer } from './own-server.ts'
import { type Owned, ownName } from './owned.ts'

export interface AmqpBackend {
  /** The URL of a server that is shared with others. */
  url(): string
  /** Names of queues that nobody else uses; they, and all whose names begin so, are deleted when the tests end. */
  queues(): Queues
  /** A server of one's own, for tests that end it. It ends with the tests at the latest. */
  start(): Promise<Rabbitmq>
}

export interface Queues {
  readonly video: string
  readonly mp3: string
}

/** A RabbitMQ started by the tests: its node, its folder and its ports are its own. */
export interface Rabbitmq extends OwnServer {
  readonly url: string
  /** rabbitmqctl on this server; what it prints. */
  ctl(...args: readonly string[]): Promise<string>
}

/** Milliseconds within which a started server answers, and one that runs already. */
const START = 60_000
const PROBE = 2_000
const STANDARD = 'amqp://guest:guest@127.0.0.1:5672'
/** Debian's commands on PATH are for its own service; the ones below them take any folder and any user. */
const DEBIAN = '/usr/lib/rabbitmq/bin'
/** What is kept beside a queue (src/adapters/broker/rabbitmq/queues.ts). */
const BESIDE = ['', '.dead', '.failed', '.failed.dead']

/** True when the tests can have a server: one that runs, or one to start. */
export async function amqpIsThere(): Promise<boolean> {
  return rabbitmqIsThere() || (await runningAmqp()) !== undefined
}

/** True when the tests can have servers of their own. */
export const rabbitmqIsThere = (): boolean => commandsPath() !== undefined

/** RabbitMQ for a file or a group of tests: call it where they are described. It stands ready before the first. */
export function amqpBackend(): AmqpBackend {
  let server: string | undefined
  const cleanups: (() => Promise<void>)[] = []
  const names = new Set<string>()
  const start = async () => {
    const rabbitmq = await startRabbitmq()
    cleanups.push(rabbitmq.stop)
    return rabbitmq
  }
  const url = () => {
    if (server === undefined) throw new Error('the server stands ready within tests only')
    return server
  }
  beforeAll(async () => {
    server = (await runningAmqp()) ?? (await start()).url
  }, START)
  afterAll(async () => {
    if (server !== undefined) await deleteQueues(server, names)
    for (const cleanup of cleanups.reverse()) await cleanup()
  }, START)
  return {
    url,
    start,
    queues() {
      const queues = ownQueues()
      for (const queue of Object.values(queues)) names.add(queue)
      return queues
    },
  }
}

/** Queues of one's own on the server that runs. */
export async function amqpQueues(): Promise<Owned & { readonly queues: Queues }> {
  const url = await runningAmqp()
  if (url === undefined) throw new Error('no RabbitMQ runs')
  const queues = ownQueues()
  return { url, queues, drop: () => deleteQueues(url, Object.values(queues)) }
}

function ownQueues(): Queues {
  const prefix = ownName('-')
  return { video: `${prefix}.video`, mp3: `${prefix}.mp3` }
}

async function deleteQueues(url: string, names: Iterable<string>): Promise<void> {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  for (const name of names) {
    for (const suffix of BESIDE) await channel.deleteQueue(`${name}${suffix}`)
  }
  await connection.close()
}

/** TEST_AMQP_URL, else a RabbitMQ on its standard port with its standard login. */
export async function runningAmqp(): Promise<string | undefined> {
  const given = process.env['TEST_AMQP_URL']
  if (given) return given
  return (await answers(STANDARD)) ? STANDARD : undefined
}

async function answers(url: string): Promise<boolean> {
  try {
    const connection = await connect(url, { timeout: PROBE })
    await connection.close()
    return true
  } catch {
    return false
  }
}

/** The folder of rabbitmq-server and rabbitmqctl. */
const commandsPath = () => folderOf('rabbitmq-server', [DEBIAN])

/** A server of one's own outside of a group of tests; whoever starts it stops it. */
export async function startRabbitmq(): Promise<Rabbitmq> {
  const commands = commandsPath()
  if (commands === undefined) throw new Error('there is no rabbitmq-server on PATH')
  const folder = await serverFolder('rabbitmq')
  const [port, distribution] = [await freePort(), await freePort()]
  const env = environmentFor(folder, port, distribution)
  await writeFile(join(folder, 'plugins'), '[].')
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  const ready = () => until('RabbitMQ answers', async () => (await answers(url)) || undefined, START)
  const server = await startOwnServer({ folder, command: join(commands, 'rabbitmq-server'), env, ready })
  const ctl = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(join(commands, 'rabbitmqctl'), ['-q', ...args], { env })
    return stdout
  }
  return Object.assign(server, { url, ctl })
}

function environmentFor(folder: string, port: number, distribution: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: folder, // the cookie lies there
    RABBITMQ_NODENAME: `soundlift-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  }
}
