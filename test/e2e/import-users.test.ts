import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { describe, expect } from 'vitest'
import { mongodbBackend, mongodbIsThere } from '../support/backends/mongodb.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'
import { as, basic, login, type Person } from '../support/client.ts'
import { ORIGINALS } from '../support/originals.ts'
import { soundlift } from '../support/program.ts'
import type { Server } from '../support/server.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

/** `U*U`, from the test vectors of crypt_blowfish. */
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
const ARGON2ID = /^\$argon2id\$/

const importUsers = ({ settings }: Server, from: string, more: readonly string[] = [], env = {}) =>
  soundlift(['import-users', '--from', from, ...more], { env: { ...settings, ...env } })

/** Hash and role as they are stored, by e-mail: in PostgreSQL where the server has its accounts there, else SQLite. */
async function stored({ dataDir, settings }: Server, email: string) {
  const query = 'select password_hash as hash, role from soundlift_accounts where email = $1'
  const { USERS_URL: url } = settings
  const row = url ? await inPostgres(url, query, email) : inSqlite(dataDir, query, email)
  return row && { hash: String(row['hash']), role: row['role'] }
}

function inSqlite(dataDir: string, query: string, email: string) {
  const database = new DatabaseSync(join(dataDir, 'soundlift.db'), { readOnly: true })
  const row = database.prepare(query).get({ $1: email })
  database.close()
  return row
}

async function inPostgres(url: string, query: string, email: string) {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<Record<string, unknown>>(query, [email])
  await client.end()
  return rows[0]
}

const refusal = async ({ url }: Server, email: string, password: string) =>
  (await fetch(`${url}/login`, { method: 'POST', headers: { authorization: basic(email, password) } })).status

const SOURCES = [
  { name: 'mysql', there: await mysqlIsThere(), backend: mysqlBackend },
  { name: 'postgres', there: await postgresIsThere(), backend: postgresBackend },
  {
    name: 'mongodb',
    there: await mongodbIsThere('standalone'),
    backend: () => {
      const mongodb = mongodbBackend('standalone')
      return { url: () => mongodb.url('standalone') }
    },
  },
] as const

for (const { name, there, backend } of SOURCES) {
  describe.skipIf(!there)(`from ${name}`, () => {
    const source = backend()

    it('old passwords log in, and nothing but an argon2id hash is kept', async ({ server, alice }) => {
      const url = await source.url()
      const [plain, hashed] = [`plain-${name}@example.com`, `Hashed-${name}@example.com`]
      await ORIGINALS[name](url, [
        [` ${plain} `, 'devops'],
        [hashed, BCRYPT],
        [alice.email.toUpperCase(), 'not her password'],
        ['not an address', 'secret-1'],
        [`none-${name}@example.com`, null],
        [plain.toUpperCase(), 'second of that name'],
        [`django-${name}@example.com`, 'pbkdf2_sha256$260000$salt$hash1234'],
        [null, 'secret-2'],
      ])

      const dry = await importUsers(server, url, ['--dry-run'])
      expect(dry.out).toMatch(/^dry run: \d imported/)
      expect(await stored(server, plain)).toBeUndefined()

      const first = await importUsers(server, url)
      expect({ out: first.out, code: first.code }).toEqual({
        out: '2 imported, 2 already there, 4 refused\n',
        code: 1,
      })
      expect(first.err.match(/^_?id \S+: The e-mail address is not valid\.$/gm)).toHaveLength(2)
      expect(first.err.match(/^_?id \S+: It has no password\.$/gm)).toHaveLength(1)
      expect(first.err.match(/^_?id \S+: .*can not be checked\.$/gm)).toHaveLength(1)
      expect(first.err.match(/weak/g)).toHaveLength(1)
      expect(first.err + first.out).not.toMatch(/devops|secret|pbkdf2|\$2a/)

      expect(await stored(server, plain)).toEqual({ hash: expect.stringMatching(ARGON2ID), role: 'user' })
      expect(await stored(server, hashed)).toEqual({ hash: BCRYPT, role: 'user' })
      for (const [email, password] of [
        [plain, 'devops'],
        [hashed, 'U*U'],
      ] as const) {
        expect(await refusal(server, email, `${password}x`)).toBe(401)
        const token = await login(server.url, email.toLowerCase(), password)
        const person: Person = { url: server.url, id: '', email, password, token }
        expect(await (await as(person, '/validate', { method: 'POST' })).json()).toMatchObject({
          admin: false,
        })
        expect((await stored(server, email))?.hash).toMatch(ARGON2ID)
      }
      expect(await login(server.url, alice.email, alice.password)).toMatch(/\./)

      const before = [await stored(server, plain), await stored(server, hashed)]
      const again = await importUsers(server, url)
      expect(again.out).toBe('0 imported, 4 already there, 4 refused\n')
      expect([await stored(server, plain), await stored(server, hashed)]).toEqual(before)
    })

    it('takes another table by name or by AUTH_TABLE, and is content with 0', async ({ server, alice }) => {
      const url = await source.url()
      await ORIGINALS[name](url, [[alice.email, 'x']], 'people')
      for (const asked of [
        importUsers(server, url, ['--table', 'people']),
        importUsers(server, url, [], { AUTH_TABLE: 'people' }),
      ]) {
        expect(await asked).toEqual({ code: 0, out: '0 imported, 1 already there, 0 refused\n', err: '' })
      }
      const missing = await importUsers(server, url)
      expect(missing.code).toBe(66)
      expect(missing.err).toMatch(/user/)
    })
  })
}

it('says what is wrong with the address, and never repeats it', async ({ server }) => {
  expect((await soundlift(['import-users'], { env: server.settings })).code).toBe(64)
  for (const [url, code] of [
    ['mysql://root:hush@[bad', 64],
    ['postgres://a:hush@127.0.0.1:1/x', 69],
    ['mysql://a:hush@127.0.0.1:1/x', 69],
    ['redis://a:hush@127.0.0.1:1/x', 78],
    ['mongodb://a:hush@', 78],
  ] as const) {
    const failed = await importUsers(server, url)
    expect({ url, code: failed.code }).toEqual({ url, code })
    expect(failed.err + failed.out).not.toContain('hush')
  }
})
