/** @module-tag topology-one */
import { readFile } from 'node:fs/promises'
import { SignJWT } from 'jose'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mongodbDatabases, mongodbIsThere } from '../support/backends/mongodb.ts'
import { postgresDatabase, postgresIsThere } from '../support/backends/postgres.ts'
import { as, basic, conversion, expectStatus, formOf, upload } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { media } from '../support/make-media.ts'
import { startProcess } from '../support/process.ts'
import { type Env, launch, PROGRAM } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

describe.skipIf(!(await postgresIsThere()))('a service alone whose database is missing', () => {
  it('lives, is not ready, says why, and starts when the database is there', async () => {
    const { url, drop } = await postgresDatabase()
    const name = new URL(url).pathname.slice(1)
    const server = new pg.Client({ connectionString: url.replace(name, 'postgres') })
    await server.connect()
    onTestFinished(async () => {
      await server.end()
      await drop()
    })
    await drop()

    const port = await freePort()
    const env = { PORT: `${port}`, USERS_URL: url, JWT_SECRET: 'a secret of thirty-two bytes or more' }
    const auth = launch(process.execPath, [PROGRAM, 'serve', 'auth'], { env })
    onTestFinished(() => auth.signal('SIGKILL'))
    const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init)
    await until('it says what is missing', () =>
      auth.lines.find((line) => line.includes(`database \\"${name}\\" does not exist`)),
    )
    expect((await ask('/healthz')).status).toBe(200)
    expect(await (await ask('/readyz')).json()).toEqual({ status: 'starting', checks: {} })
    const login = await ask('/login', { method: 'POST' })
    expect(login.status).toBe(503)
    expect(login.headers.get('retry-after')).toBe('5')

    await server.query(`create database ${name}`)
    await until('it is ready', async () => {
      const answer = await ask('/readyz').catch(() => undefined)
      return answer?.status === 200 || undefined
    })
    auth.signal('SIGTERM')
    expect((await auth.exit).code).toBe(0)
  })
})

describe.skipIf(!(await mongodbIsThere('replicaSet')))('a gateway without the other services', () => {
  const SECRET = 'a secret of thirty-two bytes or more'

  /** A gateway whose stores are there; where auth, notification and the broker should be nobody listens. */
  async function openGateway(more: Env = {}) {
    const { url: databaseUrl, drop } = await mongodbDatabases('')
    const [port, nobody] = [await freePort(), `127.0.0.1:${await freePort()}`]
    const url = `http://127.0.0.1:${port}`
    const others = {
      AUTH_URL: `http://${nobody}`,
      NOTIFICATION_URL: `http://${nobody}`,
      BROKER_URL: `amqp://${nobody}`,
    }
    const stores = { LIBRARY_URL: databaseUrl(''), BLOBS_URL: `file:${await temporaryFolder()}` }
    const own = { PORT: `${port}`, JWT_SECRET: SECRET, METRICS_PORT: 'off' }
    const gateway = startProcess({ service: 'gateway', url, env: { ...others, ...stores, ...own, ...more } })
    onTestFinished(async () => {
      await gateway.end('SIGKILL')
      await drop()
    })
    const claims = { username: 'alice@example.com', userId: '0123456789abcdef01234567', admin: false }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(SECRET))
    return { gateway, alice: { url, id: claims.userId, email: claims.username, password: '', token } }
  }
  const status = async (answer: Promise<Response>) => (await answer).status
  const readiness = async (url: string) => {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    const body: { status?: string } = JSON.parse((await answer?.text()) ?? '{}')
    return body.status === undefined || body.status === 'starting' ? undefined : body
  }

  it('lives, says that auth is missing, and asks people to come again', async () => {
    const { gateway, alice } = await openGateway()
    const found = await until('its parts are looked at', () => readiness(gateway.url))
    expect(found).toMatchObject({ status: 'not ready', checks: { auth: 'down', library: 'ok', blobs: 'ok' } })
    expect(await status(fetch(`${gateway.url}/healthz`))).toBe(200)
    const login = { method: 'POST', headers: { authorization: basic(alice.email, 'any') } }
    const refused = await fetch(`${gateway.url}/login`, login)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await expectStatus(refused, 503)).toBe('service unavailable')
    const body = await formOf(await media('m4a'))
    await expectStatus(await as(alice, '/upload', { method: 'POST', body }), 503)
    expect(await gateway.end('SIGTERM')).toBe(0)
  })

  it('with AUTH_LOCAL it takes, keeps and gives files, and queues conversions', async () => {
    const { gateway, alice } = await openGateway({ AUTH_LOCAL: '1' })
    await gateway.ready()
    const { conversionId, fileId } = await upload(alice, await media('m4a'))
    expect(await conversion(alice, conversionId)).toMatchObject({ state: 'queued' })
    const content = await as(alice, `/v1/files/${fileId}/content`)
    expect(Buffer.from(await content.arrayBuffer())).toEqual(await readFile(await media('m4a')))
    expect(await gateway.end('SIGTERM')).toBe(0)
  })
})
