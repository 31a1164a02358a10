import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { HELLO } from '../chaos/ledger.ts'
import { converted, download, newPerson } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { soundlift } from '../support/program.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'
import { buildImages } from './installation.ts'
import { podman } from './podman.ts'
import { openProject } from './project.ts'

const FILE = 'deploy/compose.dev.yaml'

beforeAll(() => buildImages(FILE), 1_200_000)

it('brings every back end that a server of the checkout can use', async () => {
  const project = openProject(FILE)
  onTestFinished(project.remove)
  const ports = {
    POSTGRES_PORT: `${await freePort()}`,
    MYSQL_PORT: `${await freePort()}`,
    MONGODB_PORT: `${await freePort()}`,
    AMQP_PORT: `${await freePort()}`,
    MANAGEMENT_PORT: `${await freePort()}`,
    S3_PORT: `${await freePort()}`,
  }
  await project.compose(ports, 'up', '--detach')
  const make = ['mariadb', '-e', 'create database if not exists soundlift']
  const made = () => podman('exec', project.nameOf('mysql'), ...make).catch(() => undefined)
  await until('MariaDB answers', made, 240_000)
  const env = {
    USERS_URL: `postgres://postgres@127.0.0.1:${ports.POSTGRES_PORT}/postgres`,
    NOTIFICATIONS_URL: `mysql://root@127.0.0.1:${ports.MYSQL_PORT}/soundlift`,
    LIBRARY_URL: `mongodb://127.0.0.1:${ports.MONGODB_PORT}/soundlift?directConnection=true`,
    BLOBS_URL: `s3://soundlift:soundlift-test@sound/?endpoint=http://127.0.0.1:${ports.S3_PORT}`,
    BROKER_URL: `amqp://127.0.0.1:${ports.AMQP_PORT}`,
  }
  const migrated = async () => (await soundlift(['migrate'], { env })).code === 0 || undefined
  await until('the databases answer', migrated, 240_000)

  const server = await startServer(env)
  onTestFinished(server.remove)
  const person = await newPerson(server.url)
  const { result } = await converted(person, HELLO)
  expect(await download(person, result?.id ?? '')).toHaveLength(result?.size ?? 0)
  expect(server.lines.join('\n')).toContain('connected to the broker')
})
