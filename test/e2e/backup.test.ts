/** @module-tag topology-one */
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { absentPrograms } from '../support/absent-programs.ts'
import { mongodIsThere, startMongod } from '../support/backends/mongodb.ts'
import { postgresDatabase, postgresIsThere } from '../support/backends/postgres.ts'
import {
  as,
  conversion,
  converted,
  download,
  ended,
  expectStatus,
  halfway,
  login,
  newPerson,
  type Person,
  upload,
} from '../support/client.ts'
import { idIn, openMailReceiver } from '../support/mail-receiver.ts'
import { longWav, media } from '../support/make-media.ts'
import { type Env, run, soundlift } from '../support/program.ts'
import { type Server, startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { one } from '../support/topologies.ts'
import { until } from '../support/wait.ts'

/** A server with a person who has one conversion that is done and told, one that runs, and one that waits. */
async function stage(env: Env = {}) {
  const mail = await openMailReceiver()
  const server = await startServer({ SMTP_URL: mail.url, LEASE: '3s', CONVERTER_SLOTS: '1', ...env }, one)
  onTestFinished(async () => {
    await server.remove()
    await mail.close()
  })
  const alice = await newPerson(server.url)
  const done = await converted(alice, await media('m4a'))
  const resultId = done.result?.id ?? ''
  const sound = await download(alice, resultId)
  await mail.nextMail(alice.email)
  await told(alice)
  const running = await halfway(alice, await longWav(16))
  const { conversionId: queued } = await upload(alice, await media('m4a'), { format: 'opus' })
  expect(await conversion(alice, queued)).toMatchObject({ state: 'queued' })

  /** What must be so on what was restored. */
  const check = async (restored: Server) => {
    const url = restored.url
    await login(url, alice.email, alice.password)
    expect((await download(alice, resultId)).equals(sound)).toBe(true) // by the token of before, too
    const ends = [await ended(alice, running, 90_000), await ended(alice, queued, 90_000)]
    expect(ends.map(({ state }) => state)).toEqual(['done', 'done'])
    for (const end of ends) await download(alice, end.result?.id ?? '')
    await until('three mails', async () => (mail.mailsTo(alice.email).length >= 3 ? true : undefined))
    await pause(4_000)
    const ids = mail.mailsTo(alice.email).map(idIn)
    expect(ids.sort()).toEqual([resultId, ...ends.map((end) => end.result?.id)].sort())
    expect(await restored.stop()).toBe(0)
  }
  return { server, check }
}

/** Waits until what was mailed is written down as told: what is saved before that is told again, by design. */
const told = (person: Person) =>
  until('the delivery to be written down', async () => {
    const list = await expectStatus(await as(person, '/v1/deliveries?state=sent'), 200)
    return JSON.parse(list).items.length > 0 ? true : undefined
  })

it('soundlift backup: a folder that takes the place of DATA_DIR', async () => {
  const { server, check } = await stage()
  const folder = join(await temporaryFolder(), 'backup')
  const made = await soundlift(['backup', folder], { env: server.settings })
  expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: '' })
  await server.kill()
  expect((await stat(join(folder, 'soundlift.db'))).mode & 0o777).toBe(0o600)
  expect((await readdir(folder)).sort()).toEqual(['blobs', 'jwt-secret', 'outbox', 'soundlift.db'])

  await rm(server.dataDir, { recursive: true })
  await cp(folder, server.dataDir, { recursive: true })
  await check(await server.again())

  const again = await soundlift(['backup', folder], { env: server.settings })
  expect({ code: again.code, err: again.err }).toMatchObject({
    code: 73,
    err: expect.stringContaining('is not empty'),
  })
  const inside = await soundlift(['backup', join(server.dataDir, 'x')], { env: server.settings })
  expect(inside.code).toBe(64)
})

it('soundlift backup names what lies elsewhere, and leaves nothing when it fails', async () => {
  const [dataDir, parent] = [await temporaryFolder(), await temporaryFolder()]
  const env = { DATA_DIR: dataDir, LIBRARY_URL: 'postgres://me:hush@nowhere/x', BLOBS_URL: 's3://bucket' }
  const backup = () => soundlift(['backup', join(parent, 'a')], { env })
  const failed = await backup()
  expect({ code: failed.code, err: failed.err }).toMatchObject({
    code: 66,
    err: expect.stringContaining(dataDir),
  })
  expect([...(await readdir(parent)), ...(await readdir(dataDir))]).toEqual([])

  await soundlift(['user', 'add', 'me@example.com', '--password', 'correct horse'], { env })
  const made = await backup()
  expect(made.code).toBe(0)
  expect(made.out).toContain('elsewhere: LIBRARY_URL, VIDEOS_URL, MP3S_URL')
})

const PROGRAMS = ['pg_dump', 'pg_restore', 'cp']
const absent = [
  ...absentPrograms(process.env['PATH'] ?? '', ...PROGRAMS),
  ...((await postgresIsThere()) ? [] : ['PostgreSQL']),
  ...(mongodIsThere() ? [] : ['mongod']),
]

describe.skipIf(absent.length > 0)(
  `PostgreSQL and GridFS${absent.length > 0 ? `: absent ${absent}` : ''}`,
  () => {
    it('pg_dump first, then the folder of a MongoDB that holds its writes: both restored, work goes on', async () => {
      const [database, restored] = [await postgresDatabase(), await postgresDatabase()]
      const mongod = await startMongod('standalone')
      onTestFinished(async () => {
        await mongod.stop()
        await database.drop()
        await restored.drop()
      })
      const stores = (url: string) => ({ USERS_URL: url, LIBRARY_URL: url, NOTIFICATIONS_URL: url })
      const blobs = { BLOBS_URL: mongod.url, JWT_SECRET: 'a secret that is kept elsewhere' }
      const { server, check } = await stage({ ...stores(database.url), ...blobs })

      const folder = await temporaryFolder()
      const dump = join(folder, 'soundlift.dump')
      await ok('pg_dump', '--format=custom', `--file=${dump}`, database.url)
      const client = new MongoClient(mongod.url)
      const admin = client.db('admin')
      await admin.command({ fsync: 1, lock: true })
      await ok('cp', '-a', mongod.folder, join(folder, 'mongo'))
      await admin.command({ fsyncUnlock: 1 })
      await client.close()

      await server.kill()
      await mongod.kill()
      await database.drop()
      await rm(mongod.folder, { recursive: true })

      await ok('pg_restore', '--no-owner', `--dbname=${restored.url}`, dump)
      await mkdir(mongod.folder)
      await ok('cp', '-a', `${join(folder, 'mongo')}/.`, mongod.folder)
      await mongod.startAgain()
      await check(await server.again(stores(restored.url)))
    })
  },
)

async function ok(command: string, ...args: string[]) {
  const { code, err } = await run(command, args)
  expect({ command, code, err }).toEqual({ command, code: 0, err: '' })
}
