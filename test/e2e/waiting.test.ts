/** @module-tag topology-one */
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { postgresDatabase, postgresIsThere } from '../support/backends/postgres.ts'
import { freePort } from '../support/free-port.ts'
import { launch, PROGRAM } from '../support/program.ts'
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
