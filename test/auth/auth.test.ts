import { createHmac } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { identityContract } from '../contract/identity.ts'
import { openAuth, SECRET } from './open-auth.ts'

identityContract('in process', async () => {
  const { auth, users } = await openAuth()
  return { identity: auth, setAdmin: (id) => users.update(id, { role: 'admin' }) }
})

const alice = { email: 'alice@example.com', password: 'correct horse' }
const from = (address: string) => ({ ...alice, address })
const seconds = () => Math.floor(Date.now() / 1000)

function jwt(claims: object, secret = SECRET, header: object = { typ: 'JWT', alg: 'HS256' }): string {
  const [head, body] = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`
}

describe('tokens', () => {
  it('bear the header and the claims in the order of the contract', async () => {
    const { auth } = await openAuth()
    await auth.register(alice)
    const token = await auth.login(from('::1'), 'basic')
    const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(header).toBe('{"typ":"JWT","alg":"HS256"}')
    expect(Object.keys(JSON.parse(claims ?? ''))).toEqual([
      'username',
      'exp',
      'iat',
      'admin',
      'sub',
      'userId',
      'email',
    ])
  })

  it('of the originals are taken; their admin claim is not believed', async () => {
    const { auth, users } = await openAuth()
    const { id } = await auth.register(alice)
    const times = { iat: seconds() - 60, exp: seconds() + 60 }
    const classic = jwt({ username: alice.email, ...times, admin: true })
    expect(await auth.claims(classic)).toEqual({
      username: alice.email,
      ...times,
      admin: false,
      sub: id,
      userId: id,
      email: alice.email,
    })
    const files = jwt({ userId: 'abc', email: alice.email, ...times })
    expect(await auth.claims(files)).toMatchObject({ username: alice.email, userId: id, admin: false })
    const stranger = jwt({ username: 'stranger@example.com', ...times, admin: true })
    expect(await auth.claims(stranger)).toMatchObject({
      userId: null,
      sub: null,
      admin: false,
      email: 'stranger@example.com',
    })
    await users.update(id, { role: 'admin' })
    expect((await auth.claims(classic)).admin).toBe(true)
  })

  it('of ours follow their account, not an address that someone else took over', async () => {
    const { auth } = await openAuth()
    await auth.register(alice)
    const times = { iat: seconds(), exp: seconds() + 60 }
    const removed = jwt({ username: alice.email, ...times, admin: true, sub: '0123456789abcdef01234567' })
    expect(await auth.claims(removed)).toMatchObject({ userId: null, admin: false })
  })

  it('are refused when forged, unsigned, endless or nameless', async () => {
    const { auth } = await openAuth()
    const claims = { username: alice.email, iat: seconds(), exp: seconds() + 60 }
    const none = `${jwt(claims, SECRET, { typ: 'JWT', alg: 'none' }).split('.').slice(0, 2).join('.')}.`
    const bad = [
      jwt(claims, 'other'),
      none,
      jwt(claims, SECRET, { typ: 'JWT', alg: 'HS512' }),
      jwt({ username: alice.email, iat: 1 }),
      jwt({ iat: seconds(), exp: seconds() + 60 }),
      jwt({ ...claims, username: { $gt: '' } }),
    ]
    for (const token of bad) await expect(auth.claims(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('end after their time, with a few seconds for clocks that differ', async () => {
    let now = Date.now()
    const { auth } = await openAuth({ jwtExpiresIn: 60_000 }, () => now)
    await auth.register(alice)
    const token = await auth.login(from('::1'), 'json')
    now += 62_000
    await expect(auth.claims(token)).resolves.toMatchObject({ username: alice.email })
    now += 10_000
    await expect(auth.claims(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' })
  })
})

describe('accounts', () => {
  it('the first is admin only where the settings say so', async () => {
    const { auth, users } = await openAuth({ firstIsAdmin: true })
    const [first, second] = [
      await auth.register(alice),
      await auth.register({ ...alice, email: 'b@example.com' }),
    ]
    expect((await users.byId(first.id))?.role).toBe('admin')
    expect((await users.byId(second.id))?.role).toBe('user')
  })

  it('ADMIN_EMAIL is made once, with any password, and never changed again', async () => {
    const { auth, users } = await openAuth({ admin: { email: 'root@example.com', password: 'x' } })
    const made = await users.byEmail('root@example.com')
    expect(made?.role).toBe('admin')
    await auth.prepare()
    expect(await users.byEmail('root@example.com')).toEqual(made)
    const token = await auth.login({ email: 'root@example.com', password: 'x', address: '::1' }, 'basic')
    expect((await auth.claims(token)).admin).toBe(true)
  })

  it('are not made where registration is closed', async () => {
    const { auth } = await openAuth({ registration: 'closed' })
    await expect(auth.register(alice)).rejects.toMatchObject({ code: 'REGISTRATION_CLOSED' })
  })

  it('hashes are argon2id with the parameters of today, and older ones are renewed at login', async () => {
    const { auth, users } = await openAuth()
    const { id } = await auth.register(alice)
    expect((await users.byId(id))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    await users.update(id, { passwordHash: await hash(alice.password, { memoryCost: 4096, timeCost: 1 }) })
    await auth.login(from('::1'), 'basic')
    expect((await users.byId(id))?.passwordHash).toMatch(/m=19456,t=2,p=1/)
  })
})

describe('failed logins', () => {
  const fail = (auth: Awaited<ReturnType<typeof openAuth>>['auth'], email: string, address: string) =>
    auth.login({ email, password: 'no', address }, 'basic').catch((error: { code: string }) => error.code)

  it('a hundred from one address close it; a whole IPv6 network counts as one', async () => {
    const { auth } = await openAuth()
    await auth.register(alice)
    for (let each = 0; each < 100; each++) {
      expect(await fail(auth, `${each}@example.com`, `2001:db8::${each.toString(16)}`)).toBe(
        'CREDENTIALS_INVALID',
      )
    }
    expect(await fail(auth, 'another@example.com', '2001:db8::ffff')).toBe('TOO_MANY_ATTEMPTS')
    await expect(auth.login(from('2001:db8:0:1::1'), 'basic')).resolves.toMatch(/\./)
  })

  it('correct logins do not count, however many come at once', async () => {
    const { auth } = await openAuth()
    await auth.register(alice)
    const tokens = await Promise.all(Array.from({ length: 40 }, () => auth.login(from('192.0.2.9'), 'basic')))
    expect(tokens).toHaveLength(40)
  })

  it('many guesses sent together are hardly more than the limit', async () => {
    const { auth } = await openAuth()
    await auth.register(alice)
    const ends = await Promise.all(Array.from({ length: 200 }, () => fail(auth, alice.email, '192.0.2.9')))
    const evaluated = ends.filter((code) => code === 'CREDENTIALS_INVALID').length
    expect(evaluated).toBeGreaterThanOrEqual(10)
    expect(evaluated).toBeLessThanOrEqual(12)
  })

  it('take as long for an unknown account as for a wrong password', async () => {
    const { auth } = await openAuth()
    const time = async (email: string, address: string) => {
      const started = performance.now()
      await fail(auth, email, address)
      return performance.now() - started
    }
    const [known, unknown]: number[][] = [[], []]
    await time('warm@example.com', '192.0.2.1')
    for (let each = 0; each < 20; each++) {
      const { email } = await auth.register({ email: `${each}@example.com`, password: alice.password })
      known?.push(await time(email, '192.0.2.1'))
      unknown?.push(await time(`no-${each}@example.com`, '192.0.2.2'))
    }
    const median = (times: number[] = []) => times.sort((a, b) => a - b)[10] ?? 0
    const ratio = median(known) / median(unknown)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })
})
