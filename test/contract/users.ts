import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { User } from '../../src/domain/user.ts'
import { newId } from '../../src/kit/ids.ts'
import type { Users } from '../../src/ports/users.ts'
import { openings } from '../support/openings.ts'

const user = (email: string): User => ({
  id: newId(),
  email,
  passwordHash: `hash of ${email}`,
  role: 'user',
  createdAt: 1_700_000_000_000,
})
const taken = expect.objectContaining({ code: 'EMAIL_TAKEN' })

/** What every user store does. `place` makes an empty place; what it returns opens the store there, again and again. */
export function usersContract(name: string, place: () => Promise<() => Promise<Users>>): void {
  describe(`users: ${name}`, () => {
    const open = openings(place)
    let users: Users
    beforeEach(async () => {
      users = await open()
    })

    it('gives back what it was given', async () => {
      const alice = user('Alice@Example.com')
      expect(await users.create(alice)).toEqual(alice)
      expect(await users.byId(alice.id)).toEqual(alice)
      expect(await users.byEmail(alice.email)).toEqual(alice)
      expect(await users.byId(newId())).toBeNull()
      expect(await users.byEmail('bob@example.com')).toBeNull()
    })

    it('finds an address however it is written, and takes it once', async () => {
      await users.create(user('Zoë@Example.com'))
      expect(await users.byEmail(' zOË@example.COM ')).toMatchObject({ email: 'Zoë@Example.com' })
      await expect(users.create(user('ZOË@example.com'))).rejects.toEqual(taken)
      // Another letter is another person, whatever the database's collation says.
      await users.create(user('Zoe@example.com'))
      expect(await users.list({ limit: 9 })).toHaveLength(2)
    })

    it('takes any address as data', async () => {
      const hostile = ["a'; drop table soundlift_accounts; --@x.y", '$ne@x.y', '%@x.y', '_@x.y', '🎧@x.y']
      for (const email of hostile) await users.create(user(email))
      for (const email of hostile) expect(await users.byEmail(email)).toMatchObject({ email })
      expect(await users.byEmail('b@x.y')).toBeNull()
    })

    it('lets one of many win who come with the same address at once', async () => {
      const other = await open()
      const tries = Array.from({ length: 20 }, (_, place) =>
        (place % 2 ? users : other).create(user('same@example.com')),
      )
      const ends = await Promise.allSettled(tries)
      expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1)
      for (const end of ends) if (end.status === 'rejected') expect(end.reason).toEqual(taken)
    })

    it('makes exactly one first administrator, also when many come at once', async () => {
      const other = await open()
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, place) =>
          (place % 2 ? users : other).create(user(`u${place}@example.com`), { firstIsAdmin: true }),
        ),
      )
      expect(made.filter((each) => each.role === 'admin')).toHaveLength(1)
      const stored = await users.list({ limit: 99 })
      expect(stored.filter((each) => each.role === 'admin')).toHaveLength(1)
      expect(stored).toHaveLength(20)
    })

    it('makes nobody administrator who is not the first, or did not ask', async () => {
      expect(await users.create(user('a@example.com'))).toMatchObject({ role: 'user' })
      const second = await users.create(user('b@example.com'), { firstIsAdmin: true })
      expect(second.role).toBe('user')
      await expect(users.create(user('B@example.com'), { firstIsAdmin: true })).rejects.toEqual(taken)
    })

    it('lists all, page by page, in order of their ids', async () => {
      const all: string[] = []
      for (let count = 0; count < 7; count++) all.push((await users.create(user(`u${count}@x.y`))).id)
      all.sort()
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 8 }), async (limit) => {
          const seen: string[] = []
          for (;;) {
            const last = seen.at(-1)
            const page = await users.list(last === undefined ? { limit } : { limit, after: last })
            if (page.length === 0) break
            seen.push(...page.map((each) => each.id))
          }
          expect(seen).toEqual(all)
        }),
        { numRuns: 8 },
      )
    })

    it('changes what it is told to, and nothing else', async () => {
      const alice = await users.create(user('alice@example.com'))
      const bob = await users.create(user('bob@example.com'))
      await users.update(alice.id, { passwordHash: 'new' })
      await users.update(alice.id, { role: 'admin' })
      await users.update(alice.id, {})
      expect(await users.byId(alice.id)).toEqual({ ...alice, passwordHash: 'new', role: 'admin' })
      expect(await users.byId(bob.id)).toEqual(bob)
      for (const change of [{ role: 'admin' } as const, {}]) {
        await expect(users.update(newId(), change)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
      }
    })

    it('replaces a hash once, and only the one that was seen', async () => {
      const other = await open()
      const alice = await users.create(user('alice@example.com'))
      const bob = await users.create(user('bob@example.com'))
      expect(await users.replaceHash(alice.id, alice.passwordHash.toUpperCase(), 'x')).toBe(false)
      expect(await users.replaceHash(bob.id, alice.passwordHash, 'x')).toBe(false)
      expect(await users.replaceHash(newId(), alice.passwordHash, 'x')).toBe(false)
      expect(await users.byId(alice.id)).toEqual(alice)
      const tries = Array.from({ length: 10 }, (_, place) =>
        (place % 2 ? users : other).replaceHash(alice.id, alice.passwordHash, `new ${place}`),
      )
      const done = await Promise.all(tries)
      expect(done.filter(Boolean)).toHaveLength(1)
      expect(await users.byId(alice.id)).toEqual({ ...alice, passwordHash: `new ${done.indexOf(true)}` })
      expect(await users.byId(bob.id)).toEqual(bob)
    })

    it('keeps everything when it is closed and opened', async () => {
      const alice = await users.create(user('alice@example.com'))
      await users.close()
      const again = await open()
      expect(await again.byEmail('alice@example.com')).toEqual(alice)
      await again.ping()
    })

    it('says so when it does not answer', async () => {
      await users.ping()
      await users.close()
      await users.close()
      await expect(users.ping()).rejects.toThrow()
    })
  })
}
