import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { afterAll } from 'vitest'

const STANDARD = 'mysql://root@127.0.0.1:3306/'
const SERVER = () => process.env['TEST_MYSQL_URL'] ?? STANDARD

/** Milliseconds: each test has a database of its own, and dropping one takes its time. */
const DROPPING = 60_000

async function ask(text: string): Promise<void> {
  const connection = await createConnection({ uri: SERVER(), connectTimeout: 2_000 })
  try {
    await connection.query(text)
  } finally {
    await connection.end()
  }
}

/** True when a MySQL or MariaDB answers: TEST_MYSQL_URL, else the standard port of this machine. */
export function mysqlIsThere(): Promise<boolean> {
  return ask('select 1').then(
    () => true,
    () => false,
  )
}

/** Databases of the tests' own, dropped when they end. Call it where hooks may be registered. */
export function mysqlBackend(): { url(): Promise<string> } {
  const made: string[] = []
  afterAll(async () => {
    for (const name of made) await ask(`drop database if exists ${name}`)
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
