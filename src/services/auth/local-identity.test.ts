import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createLocalIdentity } from './local-identity.ts'
import { createTokens } from './tokens.ts'

const SECRET = 'sarcasm'
const identity = createLocalIdentity(SECRET, null)
const theirs = (claims: object, secret = SECRET) =>
  new SignJWT({ exp: Math.floor(Date.now() / 1000) + 60, iat: 1, ...claims })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))

describe('a gateway that checks tokens by itself', () => {
  it('believes our own tokens, their role too', async () => {
    const alice = { id: 'a1', email: 'alice@example.com', passwordHash: '', createdAt: 0 }
    const tokens = createTokens(SECRET, Date.now)
    const token = await tokens.issue({ ...alice, role: 'admin' }, 60)
    expect(await identity.claims(token)).toMatchObject({ userId: 'a1', username: alice.email, admin: true })
    const ordinary = await tokens.issue({ ...alice, role: 'user' }, 60)
    expect(await identity.claims(ordinary)).toMatchObject({ admin: false })
  })
  it('takes tokens of the originals, and never their role', async () => {
    const mp3 = await theirs({ username: 'bob@example.com', admin: true })
    expect(await identity.claims(mp3)).toMatchObject({
      username: 'bob@example.com',
      userId: null,
      admin: false,
    })
    const file = await theirs({ userId: '65f0c2a1b3d4e5f600000001', email: 'bob@example.com' })
    expect(await identity.claims(file)).toMatchObject({
      userId: '65f0c2a1b3d4e5f600000001',
      email: 'bob@example.com',
    })
  })
  it('refuses what the secret has not signed, what is over, and what names nobody', async () => {
    const refused = [
      ['TOKEN_INVALID', await theirs({ username: 'bob@example.com' }, 'another')],
      ['TOKEN_EXPIRED', await theirs({ username: 'bob@example.com', exp: 2 })],
      ['TOKEN_INVALID', await theirs({})],
    ] as const
    for (const [code, token] of refused) await expect(identity.claims(token)).rejects.toMatchObject({ code })
  })
  it('is ready without an auth, and says so when accounts are asked for', async () => {
    await identity.ping()
    const away = { code: 'SERVICE_UNAVAILABLE' }
    await expect(identity.register({ email: 'a@b.c', password: 'x' })).rejects.toMatchObject(away)
  })
})
