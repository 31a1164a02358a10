import { describe, expect, it } from 'vitest'
import { deriveKey, sign } from '../../src/kit/signed.ts'
import { type Identity, RESET_PURPOSE, type Reset } from '../../src/ports/identity.ts'
import { SECRET } from '../auth/open-auth.ts'

/** A fresh auth with open registration; `setRole` changes an account behind its back. */
export interface OpenIdentity {
  readonly identity: Identity
  setAdmin(userId: string): Promise<void>
}

const PASSWORD = 'correct: horse ä'
const ADDRESS = '192.0.2.1'
const alice = { email: 'Alice@example.com', password: PASSWORD }

/** What every way to auth keeps. `open` registers its own closing. */
export function identityContract(name: string, open: () => Promise<OpenIdentity>): void {
  const withAlice = async () => {
    const opened = await open()
    const { id } = await opened.identity.register(alice)
    return { ...opened, id }
  }
  const login = (identity: Identity, given: Partial<typeof alice> = {}, kind: 'basic' | 'json' = 'basic') =>
    identity.login({ ...alice, ...given, address: ADDRESS }, kind)

  describe(`identity: ${name}`, () => {
    it('registers once, whatever the case of the address', async () => {
      const { identity, id } = await withAlice()
      expect(id).toMatch(/^[0-9a-f]{24}$/)
      const again = identity.register({ email: 'alice@EXAMPLE.com', password: PASSWORD })
      await expect(again).rejects.toMatchObject({ code: 'EMAIL_TAKEN' })
      const two = ['twin@example.com', 'TWIN@example.com'].map((email) =>
        identity.register({ email, password: PASSWORD }),
      )
      const ends = await Promise.allSettled(two)
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('tells the id behind an address, whatever its case', async () => {
      const { identity, id } = await withAlice()
      expect(await identity.accountId('ALICE@example.com')).toBe(id)
      expect(await identity.accountId('eve@example.com')).toBeNull()
    })

    it('refuses addresses that are none, and weak passwords', async () => {
      const { identity } = await open()
      const register = (email: string, password: string) => identity.register({ email, password })
      await expect(register('nobody', PASSWORD)).rejects.toMatchObject({ code: 'EMAIL_INVALID' })
      await expect(register('a@b.c', 'short')).rejects.toMatchObject({ code: 'PASSWORD_WEAK' })
      await expect(register('a@b.c', 'password1')).rejects.toMatchObject({ code: 'PASSWORD_WEAK' })
    })

    it('gives tokens for the right password, a day by basic and less by json', async () => {
      const { identity, id } = await withAlice()
      const claims = await identity.claims(await login(identity))
      const { exp, iat, ...rest } = claims
      expect(exp - iat).toBe(24 * 3600)
      expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(10)
      const email = alice.email
      expect(rest).toEqual({ username: email, admin: false, sub: id, userId: id, email })
      const json = await identity.claims(await login(identity, { email: 'alice@example.com' }, 'json'))
      expect(json.exp - json.iat).toBe(3600)
    })

    it('answers a wrong password and an unknown account alike', async () => {
      const { identity } = await withAlice()
      for (const kind of ['basic', 'json'] as const) {
        for (const given of [{ password: 'wrong' }, { email: 'bob@example.com' }]) {
          await expect(login(identity, given, kind)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' })
        }
      }
    })

    it('locks an account after ten failures, known or not, and says for how long', async () => {
      const { identity } = await withAlice()
      for (const email of [alice.email, 'nobody@example.com']) {
        for (let time = 0; time < 10; time++) {
          await expect(login(identity, { email, password: 'no' })).rejects.toMatchObject({
            code: 'CREDENTIALS_INVALID',
          })
        }
        await expect(login(identity, { email })).rejects.toMatchObject({
          code: 'TOO_MANY_ATTEMPTS',
          retryAfter: expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 900),
        })
      }
    })

    it('takes the role from the account', async () => {
      const { identity, id, setAdmin } = await withAlice()
      await setAdmin(id)
      expect((await identity.claims(await login(identity))).admin).toBe(true)
    })

    it('refuses tokens that are none of ours', async () => {
      const { identity } = await withAlice()
      const [header, body, mac] = (await login(identity)).split('.')
      for (const token of [
        'x',
        'a.b.c',
        `${header}.${body}.`,
        `${header}.${body}.${mac}x`,
        `${header}..${mac}`,
      ]) {
        await expect(identity.claims(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
      }
    })

    it('answers a ping', async () => {
      const { identity } = await open()
      await expect(identity.ping()).resolves.toBeUndefined()
    })

    describe('a new password', () => {
      const asked = { email: 'ALICE@example.com', address: ADDRESS }
      const ask = async (identity: Identity) => {
        const reset = await identity.askReset(asked)
        if (!reset) throw new Error('there is an account')
        return reset
      }
      /** The token as the notification service makes it. */
      const tokenOf = ({ userId, stamp, until }: Reset, secret = SECRET) =>
        sign(deriveKey(secret, RESET_PURPOSE), { userId, stamp }, until)
      const refused = { code: 'LINK_INVALID' }

      it('is set by a token, once, and only then is the old one wrong', async () => {
        const { identity, id } = await withAlice()
        const [reset, second] = [await ask(identity), await ask(identity)]
        expect(reset).toMatchObject({ userId: id, email: alice.email })
        const token = tokenOf(reset)
        await expect(identity.resetPassword({ token, password: 'short' })).rejects.toMatchObject({
          code: 'PASSWORD_WEAK',
        })
        await login(identity)
        await identity.resetPassword({ token, password: 'another horse' })
        await login(identity, { password: 'another horse' })
        await expect(login(identity)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' })
        for (const used of [token, tokenOf(second)]) {
          await expect(
            identity.resetPassword({ token: used, password: 'third horse' }),
          ).rejects.toMatchObject(refused)
        }
      })

      it('is nobody’s without an account, and is not set by what is forged, old or another’s', async () => {
        const { identity } = await withAlice()
        expect(await identity.askReset({ email: 'eve@example.com', address: ADDRESS })).toBeNull()
        const reset = await ask(identity)
        const forged = [
          ...['', 'x', 'a.b', tokenOf(reset, 'another secret'), `${tokenOf(reset)}x`],
          tokenOf({ ...reset, until: Date.now() - 1 }),
          tokenOf({ ...reset, stamp: `${reset.stamp}x` }),
          tokenOf({ ...reset, userId: '0123456789abcdef01234567' }),
          sign(deriveKey(SECRET, 'unsubscribe'), { userId: reset.userId, stamp: reset.stamp }, reset.until),
          sign(deriveKey(SECRET, RESET_PURPOSE), 'text'),
        ]
        for (const token of forged) {
          await expect(identity.resetPassword({ token, password: 'another horse' })).rejects.toMatchObject(
            refused,
          )
        }
        await login(identity)
      })

      it('is asked for so often by one account, in vain unseen, and by one client', async () => {
        const { identity } = await withAlice()
        for (let each = 0; each < 3; each++) await ask(identity)
        expect(await identity.askReset(asked)).toBeNull()
        for (let each = 4; each < 20; each++) await identity.askReset({ ...asked, email: `${each}@x.y` })
        const many = identity.askReset({ ...asked, email: 'z@x.y' })
        await expect(many).rejects.toMatchObject({
          code: 'TOO_MANY_ATTEMPTS',
          retryAfter: expect.any(Number),
        })
        expect(await identity.askReset({ email: 'z@x.y', address: '192.0.2.99' })).toBeNull()
      })

      it('lets the owner in again whom guesses of others have locked out', async () => {
        const { identity } = await withAlice()
        const reset = await ask(identity)
        for (let each = 0; each < 10; each++) await login(identity, { password: 'wrong' }).catch(() => {})
        await expect(login(identity)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
        await identity.resetPassword({ token: tokenOf(reset), password: 'another horse' })
        await login(identity, { password: 'another horse' })
      })
    })
  })
}
