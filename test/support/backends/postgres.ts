import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll } from 'vitest'

const STANDARD = 'postgres://postgres@127.0.0.1:5432/postgres'
const SERVER = () => process.env['TEST_POSTGRES_URL'] ?? STANDARD

/** Milliseconds: each test has a database of its own, and dropping one takes its time. */
const DROPPING = 60_000

async function ask(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER(), connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** True when a PostgreSQL answers: TEST_POSTGRES_URL, else the standard port of this machine. */
export function postgresIsThere(): Promise<boolean> {
  return ask('select 1').then(
    () => true,
    () => false,
  )
}

/** Databases of the tests' own, dropped when they end. Call it where hooks may be registered. */
export function postgresBackend(): { url(): Promise<string> } {
  const made: string[] = []
  afterAll(async () => {
    for (const name of made) await ask(`drop database if exists ${name} with (force)`)
  }, DROPPING)
  return {
    async url() {
      const name = `soundlift_test_${randomBytes(6).toString('hex')}`
      await ask(`create database ${name}`)
      made.push(name)
      const url = new URL(SERVER())
      url.pathname = `/${name}`
      return url.href
    },
  }
}
