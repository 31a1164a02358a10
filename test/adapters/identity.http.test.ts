import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openHttpIdentity } from '../../src/adapters/identity/http.ts'
import { openIdentity } from '../../src/adapters/identity/index.ts'
import { AppError } from '../../src/domain/errors.ts'
import { openAuthServer, SECRET } from '../auth/open-auth.ts'
import { identityContract } from '../contract/identity.ts'

identityContract('http', async () => {
  const { url, users } = await openAuthServer()
  return {
    identity: await openHttpIdentity({ secret: SECRET, url }),
    setAdmin: (id) => users.update(id, { role: 'admin' }),
  }
})

const alice = { email: 'alice@example.com', password: 'correct horse' }
const login = { ...alice, address: '192.0.2.1' }

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error)

/** An auth of the originals: statuses and plain texts, no codes of ours. */
async function openOriginal(status: number, body: string, headers: Record<string, string> = {}) {
  let now = status
  const seen: { headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    seen.push({ headers: request.headers })
    request.resume()
    response.writeHead(now, headers).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port }: AddressInfo = Object(server.address())
  const answer = (next: number) => {
    now = next
  }
  return { url: `http://127.0.0.1:${port}`, seen, answer }
}

describe('identity over http', () => {
  it('keeps an answer for five seconds, and no longer than the token lives', async () => {
    let now = Date.now()
    const { url, users } = await openAuthServer({}, () => now)
    const identity = await openHttpIdentity({ secret: SECRET, url, now: () => now })
    const { id } = await identity.register(alice)
    const token = await identity.login(login, 'json')
    expect((await identity.claims(token)).admin).toBe(false)
    await users.update(id, { role: 'admin' })
    now += 4_900
    expect((await identity.claims(token)).admin).toBe(false)
    now += 200
    expect((await identity.claims(token)).admin).toBe(true)
    now += 3_610_000
    await expect(identity.claims(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' })
  })

  it('hands on the id of the request that asks', async () => {
    const claims = { username: 'alice@example.com', exp: 2e9, iat: 1e9, admin: false }
    const { url, seen } = await openOriginal(
      200,
      JSON.stringify({ ...claims, user: { id: '1', email: 'a' } }),
    )
    const identity = await openHttpIdentity({ secret: SECRET, url })
    await identity.register(alice, 'one')
    await identity.login(login, 'basic', 'two')
    await identity.claims('some token', 'three')
    await identity.claims('another token')
    expect(seen.map(({ headers }) => headers['x-request-id'])).toEqual(['one', 'two', 'three', undefined])
  })

  it("counts failures on the client's address, not on the gateway's", async () => {
    const { url } = await openAuthServer()
    const identity = await openHttpIdentity({ secret: SECRET, url })
    await identity.register(alice)
    for (let each = 0; each < 100; each++) {
      const guess = { email: `${each}@example.com`, password: 'no', address: '192.0.2.66' }
      await expect(identity.login(guess, 'json')).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' })
    }
    const closed = identity.login({ ...alice, address: '192.0.2.66' }, 'basic')
    await expect(closed).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfter: expect.any(Number) })
    await expect(identity.login(login, 'basic')).resolves.toMatch(/\./)
  })

  it('says when auth does not answer, or answers nonsense', async () => {
    const unavailable = { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 }
    const { url, server } = await openAuthServer()
    const identity = await openHttpIdentity({ secret: SECRET, url })
    await identity.ping()
    await server.stop(1_000)
    await expect(identity.ping()).rejects.toMatchObject(unavailable)
    await expect(identity.claims('x')).rejects.toMatchObject(unavailable)
    await expect(identity.login(login, 'basic')).rejects.toMatchObject(unavailable)
    for (const [status, body] of [
      [500, 'oops'],
      [200, 'no json'],
      [200, '{}'],
    ] as const) {
      const broken = await openHttpIdentity({ secret: SECRET, url: (await openOriginal(status, body)).url })
      await expect(broken.claims('x')).rejects.toMatchObject(unavailable)
    }
  })

  it('leaves an auth alone that does not answer, and comes back to it', async () => {
    const broken = await openOriginal(500, 'oops')
    const identity = await openHttpIdentity({ secret: SECRET, url: broken.url })
    for (let each = 0; each < 8; each++) {
      await expect(identity.claims('x')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 5 })
    }
    expect(broken.seen).toHaveLength(5)
    broken.answer(403)
    await expect.poll(() => identity.claims('x').catch(codeOf), { timeout: 10_000 }).toBe('TOKEN_INVALID')
  })

  it('does not take refusals for an outage', async () => {
    const strict = await openOriginal(403, 'not authorized')
    const identity = await openHttpIdentity({ secret: SECRET, url: strict.url })
    for (let each = 0; each < 8; each++) {
      await expect(identity.claims('x')).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
    }
    expect(strict.seen).toHaveLength(8)
  })

  it('understands an auth of the originals by its statuses', async () => {
    const refusals = [
      [403, 'claims', 'TOKEN_INVALID'],
      [401, 'login', 'CREDENTIALS_INVALID'],
      [429, 'login', 'TOO_MANY_ATTEMPTS'],
      [409, 'register', 'EMAIL_TAKEN'],
    ] as const
    for (const [status, deed, code] of refusals) {
      const identity = await openHttpIdentity({ secret: SECRET, url: (await openOriginal(status, 'no')).url })
      const deeds = {
        claims: () => identity.claims('x'),
        login: () => identity.login(login, 'basic'),
        register: () => identity.register(alice),
      }
      await expect(deeds[deed]()).rejects.toMatchObject({ code })
    }
    const claims = { username: 'a@b.c', exp: 9_999_999_999, iat: 1, admin: true }
    const original = await openOriginal(200, JSON.stringify(claims))
    const identity = await openHttpIdentity({ secret: SECRET, url: original.url })
    expect(await identity.claims('x')).toEqual({ ...claims, sub: null, userId: null, email: 'a@b.c' })
    expect(original.seen[0]?.headers['authorization']).toBe('Bearer x')
  })

  it('tells ids of accounts to our own services alone', async () => {
    const { url } = await openAuthServer()
    const stranger = await openHttpIdentity({ secret: 'another', url })
    await stranger.register(alice)
    await expect(stranger.accountId(alice.email)).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('is opened by the scheme of AUTH_URL', async () => {
    const { url } = await openAuthServer()
    await expect((await openIdentity({ secret: SECRET, url })).ping()).resolves.toBeUndefined()
    expect(() => openIdentity({ secret: SECRET, url: 'ldap://x' })).toThrow(/AUTH_URL/)
  })
})
