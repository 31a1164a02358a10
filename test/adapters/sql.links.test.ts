import { describe, it } from 'vitest'
import { openLibrary } from '../../src/adapters/library/index.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { submit } from '../contract/library/make.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'
import { openFaultProxy } from '../support/fault-proxy.ts'
import { until } from '../support/wait.ts'

const SERVERS = [
  { name: 'PostgreSQL', backend: postgresBackend(), isThere: await postgresIsThere(), port: 5432 },
  { name: 'MySQL or MariaDB', backend: mysqlBackend(), isThere: await mysqlIsThere(), port: 3306 },
]

describe.concurrent('the link', () => {
  const there = SERVERS.filter(({ isThere }) => isThere)
  it.for(there)(
    'to $name is given up when nothing passes, and made anew',
    async ({ backend, port }, test) => {
      const { expect, onTestFinished } = test
      const url = await backend.url()
      const { hostname: host, port: named } = new URL(url)
      const proxy = await openFaultProxy({ host, port: Number(named) || port })
      const settings = { url: proxy.through(url), dataDir: '', migrate: true, logger: silentLogger() }
      const library = await openLibrary(settings)
      onTestFinished(async () => {
        await library.close()
        await proxy.close()
      })
      await submit(library)
      proxy.blackHole()
      const asked = performance.now()
      await Promise.all(
        Array.from({ length: 12 }, () =>
          expect(library.conversions({ limit: 1 })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' }),
        ),
      )
      expect(performance.now() - asked).toBeLessThan(45_000)
      proxy.restore()
      await until('it answers again', async () => {
        const page = await library.conversions({ limit: 1 }).catch(() => undefined)
        return page?.length === 1 || undefined
      })
    },
  )
})
