import { hash as bcrypt } from '@node-rs/bcrypt'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { newId } from '../../src/kit/ids.ts'
import { openAuth } from './open-auth.ts'

type Opened = Awaited<ReturnType<typeof openAuth>>

const ARGON2ID = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/
const invalid = { code: 'CREDENTIALS_INVALID' }
/** From the test vectors of crypt_blowfish: one for each spelling, and one that is longer than bcrypt looks. */
const VECTORS = [
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
    '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
  ],
] as const

const add = ({ users }: Opened, email: string, passwordHash: string) =>
  users.create({ id: newId(), email, passwordHash, role: 'user', createdAt: 0 })
const login = ({ auth }: Opened, email: string, password: string) =>
  auth.login({ email, password, address: '192.0.2.7' }, 'basic')

it('bcrypt hashes let the right password in, and are argon2id afterwards', async () => {
  const opened = await openAuth()
  for (const [place, [password, hash]] of VECTORS.entries()) {
    const { id, email } = await add(opened, `${place}@example.com`, hash)
    await expect(login(opened, email, `x${password}`)).rejects.toMatchObject(invalid)
    expect((await opened.users.byId(id))?.passwordHash).toBe(hash)
    expect(await login(opened, email, password)).toMatch(/\./)
    expect((await opened.users.byId(id))?.passwordHash).toMatch(ARGON2ID)
    expect(await login(opened, email, password)).toMatch(/\./)
    await expect(login(opened, email, `x${password}`)).rejects.toMatchObject(invalid)
  }
})

it('a password that is set while an old one is being renewed stays', async () => {
  const opened = await openAuth()
  const [password, hash] = VECTORS[0]
  const { id, email } = await add(opened, 'late@example.com', hash)
  const read = opened.users.byEmail
  opened.users.byEmail = async (asked) => {
    const found = await read(asked)
    await opened.users.update(id, { passwordHash: 'set meanwhile' })
    return found
  }
  await login(opened, email, password)
  expect((await opened.users.byId(id))?.passwordHash).toBe('set meanwhile')
})

it('a hash that can not be read refuses, with one line in the log that does not show it', async () => {
  const garbled = [
    'garbage',
    '',
    '$2b$10$short',
    '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ',
    '$argon2id$v=19$m=1,t=0,p=0$c2FsdHNhbHQ$aGFzaGhhc2g',
    'pbkdf2_sha256$260000$salt$hash',
  ]
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const opened = await openAuth({}, Date.now, logger)
  for (const [place, hash] of garbled.entries()) {
    const { id, email } = await add(opened, `${place}@example.com`, hash)
    lines.length = 0
    await expect(login(opened, email, hash), hash).rejects.toMatchObject(invalid)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(id)
    if (hash) expect(lines[0]).not.toContain(hash)
    expect((await opened.users.byId(id))?.passwordHash).toBe(hash)
  }
})

it('a refusal takes as long for an unknown account as for an imported one', async () => {
  const opened = await openAuth()
  const hash = await bcrypt('devops', 11)
  const time = async (email: string) => {
    const started = performance.now()
    await expect(login(opened, email, 'no')).rejects.toMatchObject(invalid)
    return performance.now() - started
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] ?? 0
  const [known, unknown]: [number[], number[]] = [[], []]
  await add(opened, 'first@example.com', hash)
  await time('first@example.com')
  for (let each = 0; each < 9; each++) {
    await add(opened, `${each}@example.com`, hash)
    known.push(await time(`${each}@example.com`))
    unknown.push(await time(`no-${each}@example.com`))
  }
  const ratio = median(known) / median(unknown)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
})
