import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { openMongodbUsers } from '../../src/adapters/users/mongodb.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { usersContract } from '../contract/users.ts'
import { mongodbBackend, mongodbIsThere, mongodIsThere } from '../support/backends/mongodb.ts'
import { runModule, sourceUrl } from '../support/run-module.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }
const someone = { id: 'a'.repeat(24), email: 'a@x.y', passwordHash: '-', role: 'user', createdAt: 0 } as const

describe.skipIf(!(await mongodbIsThere('standalone')))('on a standalone MongoDB', () => {
  const mongodb = mongodbBackend('standalone')

  usersContract('mongodb', async () => {
    const url = await mongodb.url('standalone')
    return () => openMongodbUsers({ ...settings, url })
  })

  describe('users: mongodb, beside the contract', () => {
    it('lets several processes open a new database at once and write to it', async () => {
      const url = await mongodb.url('standalone')
      const children = ['a', 'b', 'c'].map((name) => runModule(writer(url, name)))
      const ends = await Promise.all(children.map((child) => once(child, 'exit')))
      expect(ends.map(([code]) => code)).toEqual([0, 0, 0])
      const users = await openMongodbUsers({ ...settings, url })
      const all = await users.list({ limit: 99 })
      await users.close()
      expect(all).toHaveLength(30)
      expect(all.filter((user) => user.role === 'admin')).toHaveLength(1)
    })

    it('leaves the collection of another program in the same database alone', async () => {
      const url = await mongodb.url('standalone')
      const other = new MongoClient(url)
      await other.db().collection('users').insertOne({ email: 'a@x.y', password: 'theirs' })
      const users = await openMongodbUsers({ ...settings, url })
      expect(await users.byEmail('a@x.y')).toBeNull()
      await users.create(someone)
      await users.close()
      expect(await other.db().collection('users').countDocuments()).toBe(1)
      const names = await other
        .db()
        .listCollections()
        .map(({ name }) => name)
        .toArray()
      expect(names.sort()).toEqual(['soundlift_accounts', 'users'])
      await other.close()
    })

    it('demands its indexes where migrations are off', async () => {
      const url = await mongodb.url('standalone')
      const off = { ...settings, url, migrate: false }
      await expect(openMongodbUsers(off)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/soundlift_accounts\.email.*soundlift migrate/),
      })
      await (await openMongodbUsers({ ...settings, url })).close()
      await (await openMongodbUsers(off)).close()
    })

    it('waits for a majority and the journal, whatever the URL says', async () => {
      const url = `${await mongodb.url('standalone')}?w=0&journal=false&retryWrites=false`
      const users = await openMongodbUsers({ ...settings, url })
      await users.create(someone)
      // Without acknowledgement this would be taken for a success.
      await expect(users.create({ ...someone, id: 'b'.repeat(24) })).rejects.toMatchObject({
        code: 'EMAIL_TAKEN',
      })
      await users.close()
    })
  })

  describe.skipIf(!mongodIsThere())('users: mongodb, when its server goes away', () => {
    it('says so within seconds, and goes on when it is back', { timeout: 60_000 }, async () => {
      const server = await mongodb.start('standalone')
      const users = await openMongodbUsers({ ...settings, url: server.url })
      await users.create(someone)
      server.process.kill('SIGSTOP')
      const asked = performance.now()
      const away = { code: 'SERVICE_UNAVAILABLE' }
      await expect(users.byEmail('a@x.y')).rejects.toMatchObject(away)
      expect(performance.now() - asked).toBeLessThan(30_000)
      server.process.kill('SIGCONT')
      expect(await users.byEmail('a@x.y')).toEqual(someone)
      await server.stop()
      await Promise.all([
        expect(users.create({ ...someone, email: 'b@x.y' })).rejects.toMatchObject(away),
        expect(users.ping()).rejects.toMatchObject(away),
      ])
      await users.close()
    })
  })
})

/** A program that adds ten accounts, the first as administrator when nobody is there. */
const writer = (url: string, name: string) => `
  import { openMongodbUsers } from '${sourceUrl('adapters/users/mongodb.ts')}'
  import { newId } from '${sourceUrl('kit/ids.ts')}'
  import { silentLogger } from '${sourceUrl('kit/logger.ts')}'
  const settings = { url: ${JSON.stringify(url)}, dataDir: '', migrate: true, logger: silentLogger() }
  const users = await openMongodbUsers(settings)
  for (let count = 0; count < 10; count++) {
    const user = { id: newId(), email: \`${name}\${count}@x.y\`, passwordHash: '-', role: 'user', createdAt: 0 }
    await users.create(user, { firstIsAdmin: true })
  }
  await users.close()
`
