import { setTimeout as delay } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openMysqlLibrary } from '../../src/adapters/library/mysql.ts'
import { openPostgresLibrary } from '../../src/adapters/library/postgres.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Library } from '../../src/ports/library.ts'
import { submit } from '../contract/library/make.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

/** A library server; `ask` runs SQL on one connection of the test's own, `lock` is what Kysely takes to migrate. */
interface Server {
  readonly url: () => Promise<string>
  readonly open: (url: string, migrate?: boolean) => Promise<Library>
  readonly connect: (url: string) => Promise<(text: string) => Promise<unknown>>
  readonly lock: string
  readonly unlock: string
}

/** Opened in the test, closed after it. */
async function closedAfter(opening: Promise<Library>): Promise<Library> {
  const library = await opening
  onTestFinished(() => library.close())
  return library
}

function migrations({ url, open, connect, lock, unlock }: Server): void {
  it('lets four open an empty database at once', async () => {
    const place = await url()
    const libraries = await Promise.all(Array.from({ length: 4 }, () => closedAfter(open(place))))
    await Promise.all(libraries.map((library) => submit(library)))
    expect(await libraries[0]?.conversions({ limit: 9 })).toHaveLength(4)
  })

  it('waits for who is migrating, and for nobody when nothing is missing', async () => {
    const place = await url()
    const ask = await connect(place)
    await ask(lock)
    const opening = closedAfter(open(place))
    expect(await Promise.race([opening, delay(500, 'waits')])).toBe('waits')
    await ask(unlock)
    await opening

    await ask(lock)
    await closedAfter(open(place))
    await closedAfter(open(place, false))
  })

  it('leaves the tables of a newer release as they are', async () => {
    const place = await url()
    await closedAfter(open(place))
    const ask = await connect(place)
    await ask(`insert into soundlift_library_migrations values ('9999-later', '2099-01-01T00:00:00.000Z')`)
    expect(await submit(await closedAfter(open(place)))).toMatchObject({ state: 'queued' })
  })
}

describe.skipIf(!(await postgresIsThere()))('migrations on PostgreSQL', () => {
  const backend = postgresBackend()
  const open = (url: string, migrate = true) => openPostgresLibrary({ ...settings, url, migrate })
  const connect = async (url: string) => {
    const client = new pg.Client(url)
    await client.connect()
    onTestFinished(() => client.end())
    return (text: string) => client.query(text)
  }
  const id = '3853314791062309107'
  const [lock, unlock] = [`select pg_advisory_lock(${id})`, `select pg_advisory_unlock(${id})`]
  migrations({ url: backend.url, open, connect, lock, unlock })

  it('keeps to the schema that the URL names', async () => {
    const place = await backend.url()
    const ask = await connect(place)
    await ask('create schema one; create schema two; create schema "odd name"')
    const urls = [
      place,
      `${place}?schema=one`,
      `${place}?options=-c%20search_path%3Dtwo`,
      `${place}?search_path=%22odd+name%22`,
    ]
    for (const url of urls) {
      const library = await closedAfter(open(url))
      await submit(library)
      expect(await library.conversions({ limit: 9 })).toHaveLength(1)
    }
    await closedAfter(open(`${place}?schema=one`, false))
  })

  it('refuses a schema that is not there, by what mends it', async () => {
    const refused = { code: 'CONFIG_INVALID', message: expect.stringContaining('create schema') }
    await expect(open(`${await backend.url()}?schema=missing`)).rejects.toMatchObject(refused)
  })
})

describe.skipIf(!(await mysqlIsThere()))('migrations on MySQL or MariaDB', () => {
  const backend = mysqlBackend()
  const open = (url: string, migrate = true) => openMysqlLibrary({ ...settings, url, migrate })
  const connect = async (url: string) => {
    const connection = await createConnection(url)
    onTestFinished(() => connection.end())
    return (text: string) => connection.query(text)
  }
  const id = 'ea586330-2c93-47c8-908d-981d9d270f9d'
  const [lock, unlock] = [`select get_lock('${id}', 9)`, `select release_lock('${id}')`]
  migrations({ url: backend.url, open, connect, lock, unlock })

  it('goes on with a migration that broke off half-way', async () => {
    const place = await backend.url()
    await closedAfter(open(place))
    const ask = await connect(place)
    await ask(`delete from soundlift_library_migrations where name > '0001-files'`)
    await ask('drop table soundlift_events')
    await ask('drop index soundlift_conversions_owner_state on soundlift_conversions')
    await ask('drop index soundlift_conversions_source on soundlift_conversions')
    await submit(await closedAfter(open(place)))
    const indexes = await ask('show index from soundlift_conversions')
    expect(JSON.stringify(indexes)).toMatch(/soundlift_conversions_owner_state.*soundlift_conversions_source/)
  })
})
