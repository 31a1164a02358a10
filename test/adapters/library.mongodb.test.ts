import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { openMongodbLibrary } from '../../src/adapters/library/mongodb.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Library } from '../../src/ports/library.ts'
import { done, holdOf, LEASE, mustClaim, NOW, source, submit, wanted } from '../contract/library/make.ts'
import { libraryContract } from '../contract/library.ts'
import { mongodbBackend, mongodbIsThere, mongodIsThere } from '../support/backends/mongodb.ts'
import { runModule, sourceUrl } from '../support/run-module.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }
const worker = { name: 'w', now: NOW, leaseMs: LEASE }

describe.skipIf(!(await mongodbIsThere('replicaSet')))('on a replica set of MongoDB', () => {
  const mongodb = mongodbBackend('replicaSet')

  libraryContract('mongodb', async () => {
    const url = await mongodb.url('replicaSet')
    return () => openMongodbLibrary({ ...settings, url })
  })

  describe('library: mongodb, beside the contract', () => {
    const opened = async (use: (library: Library, url: string) => Promise<void>) => {
      const url = await mongodb.url('replicaSet')
      const library = await openMongodbLibrary({ ...settings, url })
      await use(library, url).finally(() => library.close())
    }

    it('has what it acknowledged before its process was killed', () =>
      opened(async (library, url) => {
        const file = source()
        const conversion = wanted(file)
        const child = runModule(`
          import { openMongodbLibrary } from '${sourceUrl('adapters/library/mongodb.ts')}'
          import { silentLogger } from '${sourceUrl('kit/logger.ts')}'
          const settings = { url: ${JSON.stringify(url)}, dataDir: '', migrate: true, logger: silentLogger() }
          const library = await openMongodbLibrary(settings)
          await library.addFile(${JSON.stringify(file)}, ${JSON.stringify(conversion)})
          process.kill(process.pid, 'SIGKILL')
        `)
        expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
        expect(await library.file(file.id)).toEqual(file)
        expect(await library.conversion(conversion.id)).toMatchObject({ state: 'queued' })
      }))

    it('looks at the front of the queue only, however long it is', () =>
      opened(async (library, url) => {
        for (let count = 0; count < 3; count++) await submit(library)
        const client = new MongoClient(url)
        const db = client.db()
        const conversions = db.collection<{ _id: string }>('soundlift_conversions')
        const one = await conversions.findOne()
        const more = Array.from({ length: 5000 }, (_, turn) => {
          const state = turn % 2 ? 'done' : 'queued'
          return { ...one, _id: newId(), ownerKey: `${turn}`, turn, createdAt: NOW + turn, state }
        })
        await conversions.insertMany(more)
        await db.command({ profile: 2 })
        await mustClaim(library)
        await submit(library)
        await library.newestConversion(newId())
        await library.conversions({ ownerId: newId(), state: 'done', limit: 9 })
        await db.command({ profile: 0 })
        const looks = await db
          .collection('system.profile')
          .find({ docsExamined: { $exists: true } })
          .toArray()
        expect(looks.length).toBeGreaterThan(4)
        for (const { command, docsExamined, keysExamined, hasSortStage } of looks) {
          const what = JSON.stringify(command)
          expect(docsExamined, what).toBeLessThan(6)
          expect(keysExamined, what).toBeLessThan(20)
          expect(hasSortStage, what).toBeUndefined()
        }
        await client.close()
      }))

    it('demands its indexes where migrations are off', async () => {
      const url = await mongodb.url('replicaSet')
      await expect(openMongodbLibrary({ ...settings, url, migrate: false })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/soundlift_files\.owner.*soundlift migrate/),
      })
    })
  })
})

describe.skipIf(!mongodIsThere())('library: mongodb, on servers of its own', () => {
  const mongodb = mongodbBackend()

  it('refuses a standalone server and names the command that mends it', { timeout: 60_000 }, async () => {
    const { url } = await mongodb.start('standalone')
    await expect(openMongodbLibrary({ ...settings, url })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/--replSet rs0.*rs\.initiate\(\)/),
    })
  })

  it('goes on through an election, and says so when no server is left', { timeout: 60_000 }, async () => {
    const server = await mongodb.start('replicaSet')
    const library = await openMongodbLibrary({ ...settings, url: server.url })
    const admin = new MongoClient(server.url)
    let stepped = false
    const stepDown = async () => {
      await admin.db('admin').command({ replSetStepDown: 2, secondaryCatchUpPeriodSecs: 0, force: true })
      stepped = true
    }
    const electing = stepDown()
    for (let round = 0; round < 20 || !stepped; round++) {
      await submit(library)
      const claimed = await mustClaim(library)
      await library.finish(holdOf(claimed), done(claimed), NOW)
    }
    await electing
    await submit(library)
    expect(await library.failExhausted(NOW)).toBe(0)
    await admin.close()

    await server.stop()
    const away = { code: 'SERVICE_UNAVAILABLE' }
    const asked = performance.now()
    await Promise.all([
      expect(library.claim(worker)).rejects.toMatchObject(away),
      expect(submit(library)).rejects.toMatchObject(away),
      expect(library.ping()).rejects.toMatchObject(away),
    ])
    expect(performance.now() - asked).toBeLessThan(20_000)
    await library.close()
  })
})
