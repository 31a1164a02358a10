import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { connect } from 'amqplib'
import { afterAll, beforeAll } from 'vitest'
import { until } from '../wait.ts'

export interface AmqpBackend {
  /** The URL of a server that is shared with others. */
  url(): string
  /** Names of queues that nobody else uses; they, and all whose names begin so, are deleted when the tests end. */
  queues(): { readonly video: string; readonly mp3: string }
  /** A server of one's own, for tests that end it. It ends with the tests at the latest. */
  start(): Promise<Rabbitmq>
}

/** A RabbitMQ started by the tests: its node, its folder and its ports are its own. */
export interface Rabbitmq {
  readonly url: string
  /** rabbitmqctl on this server; what it prints. */
  ctl(...args: readonly string[]): Promise<string>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on what it left on disk. */
  startAgain(): Promise<void>
  stop(): Promise<void>
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
  return rabbitmqIsThere() || (await findRunning()) !== undefined
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
    server = (await findRunning()) ?? (await start()).url
  }, START)
  afterAll(async () => {
    if (server !== undefined) await deleteQueues(server, names)
    for (const cleanup of cleanups.reverse()) await cleanup()
  }, START)
  return {
    url,
    start,
    queues() {
      const prefix = `soundlift-test-${randomBytes(6).toString('hex')}`
      const queues = { video: `${prefix}.video`, mp3: `${prefix}.mp3` }
      for (const queue of Object.values(queues)) names.add(queue)
      return queues
    },
  }
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
async function findRunning(): Promise<string | undefined> {
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
function commandsPath(): string | undefined {
  const folders = [DEBIAN, ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.find((folder) => {
    try {
      accessSync(join(folder, 'rabbitmq-server'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

async function startRabbitmq(): Promise<Rabbitmq> {
  const commands = commandsPath()
  if (commands === undefined) throw new Error('there is no rabbitmq-server on PATH')
  const folder = await mkdtemp(join(tmpdir(), 'soundlift-rabbitmq-'))
  const [port, distribution] = [await freePort(), await freePort()]
  const env = environmentFor(folder, port, distribution)
  await writeFile(join(folder, 'plugins'), '[].')
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  let server = run(join(commands, 'rabbitmq-server'), env)
  const up = async () => {
    const answered = until('RabbitMQ answers', async () => (await answers(url)) || undefined, START)
    await Promise.race([answered, server.ended.then(() => Promise.reject(new Error('RabbitMQ ended')))])
  }
  const stop = async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  }
  await up().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    url,
    stop,
    kill: () => server.kill(),
    async ctl(...args) {
      const { stdout } = await promisify(execFile)(join(commands, 'rabbitmqctl'), ['-q', ...args], { env })
      return stdout
    },
    async startAgain() {
      server = run(join(commands, 'rabbitmq-server'), env)
      await up()
    },
  }
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

/** The script starts the server as its child: both are in a process group of their own, and end together. */
function run(command: string, env: NodeJS.ProcessEnv) {
  const child = spawn(command, [], { env, stdio: 'ignore', detached: true })
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
  return { ended, kill }
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
