import { amqpIsThere, runningAmqp, startRabbitmq } from './backends/amqp.ts'
import { mongodbIsThere, runningMongodb, startMongod } from './backends/mongodb.ts'
import { runningS3, s3IsThere, startMinio, urlOf } from './backends/s3.ts'

interface Started {
  readonly url: string
  stop(): Promise<void>
}

/** Servers that all tests of a run share, by the variable that names them to the processes that run the tests. */
const SERVERS: Readonly<
  Record<string, { running(): Promise<unknown>; isThere(): Promise<boolean>; start(): Promise<Started> }>
> = {
  TEST_AMQP_URL: { running: runningAmqp, isThere: amqpIsThere, start: startRabbitmq },
  TEST_MONGODB_URL: {
    running: () => runningMongodb('replicaSet'),
    isThere: () => mongodbIsThere('replicaSet'),
    start: () => startMongod('replicaSet'),
  },
  TEST_S3_URL: {
    running: runningS3,
    isThere: s3IsThere,
    async start() {
      const minio = await startMinio()
      return { url: urlOf(minio.endpoint), stop: () => minio.stop() }
    },
  },
}

/** Vitest's global setup: starts what does not run yet and can be started; what it returns ends it. */
export default async function startSharedServers(): Promise<() => Promise<void>> {
  const started = await Promise.all(
    Object.entries(SERVERS).map(async ([variable, { running, isThere, start }]) => {
      if ((await running()) !== undefined || !(await isThere())) return undefined
      const server = await start()
      process.env[variable] = server.url
      return server
    }),
  )
  return async () => void (await Promise.all(started.map((server) => server?.stop())))
}
