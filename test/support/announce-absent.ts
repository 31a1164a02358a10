import { spawnSync } from 'node:child_process'
import { amqpIsThere } from './backends/amqp.ts'
import { mongodbIsThere } from './backends/mongodb.ts'
import { mysqlIsThere } from './backends/mysql.ts'
import { postgresIsThere } from './backends/postgres.ts'
import { s3IsThere } from './backends/s3.ts'

interface Judge {
  readonly name: string
  readonly args: readonly string[]
  /** Of the call with these, when it is not 0. */
  readonly status?: number
  readonly without: string
}

/** What tests are judged by, and what is lost without it. Nothing of it is part of the product. */
const JUDGES: readonly Judge[] = [
  { name: 'ffmpeg', args: ['-version'], without: 'results are not decoded by a second decoder' },
  {
    name: 'mpg123',
    args: ['--version'],
    without: 'results are not decoded by a decoder that shares nothing with ours',
  },
  {
    name: 'prometheus',
    args: ['--version'],
    without: 'no real Prometheus scrapes the metrics and loads the rules',
  },
  { name: 'promtool', args: ['--version'], without: 'the rules are not checked' },
  { name: 'curl', args: ['--version'], without: 'the literal curl sessions are not run' },
  { name: 'slowhttptest', args: ['-h'], status: 1, without: 'a thousand slow clients are not tried' },
]

/** Servers that drivers are tested on: one that runs, or a program on PATH that the tests start. */
const BACKENDS = [
  {
    name: 'RabbitMQ',
    isThere: amqpIsThere,
    without: 'its driver is not tested; set TEST_AMQP_URL, or put rabbitmq-server on PATH',
  },
  {
    name: 'S3',
    isThere: s3IsThere,
    without: 'its driver is not tested; set TEST_S3_URL or put minio on PATH',
  },
  {
    name: 'PostgreSQL',
    isThere: postgresIsThere,
    without: 'its drivers are not tested; set TEST_POSTGRES_URL',
  },
  {
    name: 'MySQL or MariaDB',
    isThere: mysqlIsThere,
    without: 'its drivers are not tested; set TEST_MYSQL_URL',
  },
  {
    name: 'MongoDB',
    isThere: () => mongodbIsThere('replicaSet'),
    without: 'its drivers are not tested; set TEST_MONGODB_URL or put mongod on PATH',
  },
]

/** True when `name` can be run on this machine. */
export function present(name: string): boolean {
  const judge = JUDGES.find((each) => each.name === name)
  if (!judge) return false
  const { status = 0 } = judge
  return spawnSync(judge.name, judge.args, { stdio: 'ignore' }).status === status
}

/** Vitest's global setup: names what is absent; under CI=true absent is red. */
export default async function announceAbsent(): Promise<void> {
  const backends = await Promise.all(BACKENDS.map(async (each) => ({ ...each, there: await each.isThere() })))
  const absent = [
    ...JUDGES.filter((judge) => !present(judge.name)),
    ...backends.filter(({ there }) => !there),
  ]
  for (const { name, without } of absent) console.warn(`absent: ${name} (${without})`)
  if (absent.length > 0 && process.env['CI'] === 'true') {
    throw new Error(`CI=true, but absent: ${absent.map(({ name }) => name).join(', ')}`)
  }
}
