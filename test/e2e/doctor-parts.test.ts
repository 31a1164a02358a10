import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect } from 'amqplib'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpBackend, amqpIsThere, rabbitmqIsThere } from '../support/backends/amqp.ts'
import { mongodbBackend, mongodIsThere } from '../support/backends/mongodb.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'
import { minioIsThere, s3Backend } from '../support/backends/s3.ts'
import { doctor } from '../support/doctor.ts'
import { freePort } from '../support/free-port.ts'
import { soundlift } from '../support/program.ts'
import { openSpoilingProxy } from '../support/spoiling-proxy.ts'

const tags = ['topology-one']
const NOWHERE = { DATA_DIR: '/tmp/soundlift-doctor-nowhere' }

it('dead and silent servers are told side by side, without a password', { tags }, async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const hole = typeof address === 'object' ? address?.port : 0
  const port = await freePort()
  const { code, out, err, wrong, part, seconds } = await doctor({
    ...NOWHERE,
    USERS_URL: `postgres://me:sesame-opens@127.0.0.1:${port}/users`,
    LIBRARY_URL: `mongodb://me:sesame-opens@127.0.0.1:${port}/library`,
    NOTIFICATIONS_URL: `mysql://me:sesame-opens@127.0.0.1:${hole}/notifications`,
    BLOBS_URL: `s3://KEYKEYKEY:sesame-opens@bucket?endpoint=http://127.0.0.1:${port}`,
    BROKER_URL: `amqp://me:sesame-opens@127.0.0.1:${hole}`,
    AUTH_URL: `http://127.0.0.1:${port}`,
    NOTIFICATION_URL: `http://me:sesame-opens@127.0.0.1:${port}`,
    SMTP_URL: `smtp://me:sesame-opens@127.0.0.1:${hole}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    JWT_SECRET: 'a secret of thirty-two characters',
  })
  expect(code).toBe(1)
  expect(seconds).toBeLessThan(40)
  const dead = ['users', 'library', 'notifications', 'sources', 'results', 'broker']
  const ways = ['auth', 'notification', 'mail', 'public URL']
  for (const name of [...dead, ...ways]) {
    expect(part(name).state, name).toBe('failure')
    expect(wrong(name), name).toMatch(/→ .*(Start it|Mend SMTP_URL|Look at)/)
  }
  for (const name of ['engine', 'temp folder', 'secret']) expect(part(name).state, name).toBe('well')
  expect(out + err).not.toContain('sesame')
})

describe.skipIf(!(await postgresIsThere()))('PostgreSQL', () => {
  const backend = postgresBackend()
  const ask = async (connectionString: string, ...statements: readonly string[]) => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }

  it('a missing database, a user that is none, one without rights, tables that lack', { tags }, async () => {
    const url = await backend.url()
    const missing = new URL(url)
    missing.pathname = '/not_there'
    const stranger = new URL(url)
    stranger.username = 'nobody_here'
    const found = await doctor({
      ...NOWHERE,
      MIGRATE: 'off',
      USERS_URL: missing.href,
      LIBRARY_URL: stranger.href,
      NOTIFICATIONS_URL: url,
    })
    expect(found.code).toBe(1)
    expect(found.wrong('users')).toMatch(/"not_there" does not exist → .*create database not_there/)
    expect(found.wrong('library')).toMatch(/nobody_here.* → Mend user and password in LIBRARY_URL/)
    expect(found.wrong('notifications')).toMatch(
      /MIGRATE is off.*0001-deliveries.* → Run `soundlift migrate`/,
    )
  })

  it('a user who may only read, and one who may make no tables', { tags }, async () => {
    const url = await backend.url()
    const reader = `${new URL(url).pathname.slice(1)}_reader`
    await ask(url, `create role ${reader} login`)
    onTestFinished(() => ask(url, `drop owned by ${reader}`, `drop role ${reader}`))
    const limited = new URL(url)
    limited.username = reader
    const settings = { ...NOWHERE, USERS_URL: limited.href }
    expect((await doctor(settings, 'all')).wrong('users')).toMatch(/no tables: .*public → .*grant create/)
    expect((await soundlift(['migrate'], { env: { ...settings, USERS_URL: url } })).code).toBe(0)
    await ask(url, `grant select on all tables in schema public to ${reader}`)
    const { part, wrong } = await doctor(settings)
    expect(part('users').state).toBe('failure')
    expect(wrong('users')).toMatch(/does not let us insert: .*soundlift_accounts → `grant select, insert/)
    await ask(url, `grant all on all tables in schema public to ${reader}`)
    expect((await doctor(settings)).part('users').state).toBe('warning')
    const well = await doctor({ ...settings, USERS_URL: url })
    expect(well.part('users')).toMatchObject({ state: 'well', clockAhead: expect.any(Number) })
  })
})

describe.skipIf(!(await mysqlIsThere()))('MySQL or MariaDB', () => {
  const backend = mysqlBackend()

  it('a wrong password, and a user who may not write', { tags }, async () => {
    const url = new URL(await backend.url())
    const database = url.pathname.slice(1)
    const user = database.slice(-20)
    const root = await createConnection(url.href)
    onTestFinished(async () => {
      await root.query(`drop user '${user}'@'%'`)
      await root.end()
    })
    await root.query(`create user '${user}'@'%' identified by 'right'`)
    await root.query(`grant select on ${database}.* to '${user}'@'%'`)
    const as = (password: string) => Object.assign(new URL(url), { username: user, password }).href
    expect((await soundlift(['migrate'], { env: { ...NOWHERE, USERS_URL: url.href } })).code).toBe(0)
    const { wrong } = await doctor({ ...NOWHERE, USERS_URL: as('right'), LIBRARY_URL: as('wrong') })
    expect(wrong('library')).toMatch(/Access denied.* → Mend user and password in LIBRARY_URL/)
    expect(wrong('users')).toMatch(/does not let us insert: INSERT command denied.*grant/)
    const well = await doctor({ ...NOWHERE, USERS_URL: url.href })
    expect(well.part('users')).toMatchObject({ state: 'well', clockAhead: expect.any(Number) })
  })
})

describe.skipIf(!mongodIsThere())('MongoDB', () => {
  const backend = mongodbBackend('standalone', 'replicaSet')

  it('a standalone server will not do for the library alone, and is told how', { tags }, async () => {
    const [alone, set] = [await backend.url('standalone'), await backend.url('replicaSet')]
    const found = await doctor({ ...NOWHERE, USERS_URL: alone, LIBRARY_URL: alone, BLOBS_URL: alone })
    expect(found.wrong('library')).toMatch(
      /standalone.* → Start it with `mongod --replSet rs0`.*rs\.initiate/,
    )
    for (const name of ['users', 'sources', 'results']) expect(found.part(name).state, name).toBe('well')
    expect(found.part('sources').facts).toContain('wrote, read by ranges and removed a blob')
    const well = await doctor({ ...NOWHERE, LIBRARY_URL: set })
    expect(well.part('library')).toMatchObject({ state: 'well', clockAhead: expect.any(Number) })
    expect(well.part('library').facts[0]).toMatch(/^MongoDB [\d.]+ \(replica set rs0\)$/)
  })
})

describe.skipIf(!minioIsThere())('S3', () => {
  const backend = s3Backend()

  it('no bucket yet, a wrong key, no right to write', { tags }, async () => {
    const url = await backend.url()
    const { s3, bucket } = backend.look(url)
    const none = await doctor({ ...NOWHERE, BLOBS_URL: url })
    expect(none.part('sources').state).toBe('warning')
    expect(none.wrong('sources')).toContain(`there is no bucket ${bucket} yet → Make it`)
    await s3.createBucket({ Bucket: bucket })
    const well = await doctor({ ...NOWHERE, BLOBS_URL: url })
    expect(well.part('sources')).toMatchObject({ state: 'well', clockAhead: expect.any(Number) })
    expect(well.part('sources').facts).toContain('wrote, read by ranges and removed a blob')
    const wrongKey = Object.assign(new URL(url), { password: 'not-the-secret' }).href
    expect((await doctor({ ...NOWHERE, BLOBS_URL: wrongKey })).wrong('results')).toMatch(
      /refuses the bucket.*credentials/,
    )
    const address = new URL(url)
    const proxy = await openSpoilingProxy(address.searchParams.get('endpoint') ?? '', {
      forbids: ['PUT', 'POST'],
    })
    onTestFinished(() => proxy.close())
    address.searchParams.set('endpoint', proxy.url)
    const refused = await doctor({ ...NOWHERE, BLOBS_URL: address.href })
    expect(refused.wrong('sources')).toMatch(
      /can be seen, but not written.* → Give the key of BLOBS_URL.*PutObject/,
    )
  })
})

describe.skipIf(!(await amqpIsThere()))('RabbitMQ', () => {
  const backend = amqpBackend()

  it('a wrong login, a missing vhost, dead letters; the real queues stay as they are', { tags }, async () => {
    const url = new URL(backend.url())
    const queues = backend.queues()
    const settings = { ...NOWHERE, VIDEO_QUEUE: queues.video, MP3_QUEUE: queues.mp3 }
    const wrongLogin = Object.assign(new URL(url), { password: 'wrong' }).href
    expect((await doctor({ ...settings, BROKER_URL: wrongLogin })).wrong('broker')).toMatch(
      /refuses the login.* → Mend user and password in BROKER_URL/,
    )
    expect(
      (await doctor({ ...settings, BROKER_URL: new URL('/nowhere', url).href })).wrong('broker'),
    ).toMatch(/vhost.* → Make the vhost/)
    const connection = await connect(url.href)
    onTestFinished(() => connection.close())
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue(`${queues.video}`, { durable: true })
    await channel.assertQueue(`${queues.video}.dead`, { durable: true })
    channel.sendToQueue(`${queues.video}.dead`, Buffer.from('{}'))
    channel.sendToQueue(queues.video, Buffer.from('{}'))
    await channel.waitForConfirms()
    const { code, part, wrong } = await doctor({ ...settings, BROKER_URL: url.href })
    expect(code).toBe(0)
    expect(part('broker').state).toBe('warning')
    expect(wrong('broker')).toContain(
      `1 dead letters in ${queues.video}.dead → See \`soundlift dead-letters list\``,
    )
    expect((await channel.checkQueue(queues.video)).messageCount).toBe(1)
    await expect(
      connection.createChannel().then((other) => {
        other.on('error', () => {})
        return other.checkQueue(queues.mp3)
      }),
    ).rejects.toThrow('404')
  })

  it.skipIf(!rabbitmqIsThere())('a user without rights', { tags }, async () => {
    const server = await backend.start()
    await server.ctl('add_user', 'limited', 'password')
    await server.ctl('set_permissions', 'limited', '^$', '.*', '.*')
    const url = server.url.replace('guest:guest', 'limited:password')
    expect((await doctor({ ...NOWHERE, BROKER_URL: url })).wrong('broker')).toMatch(
      /does not let us: .*ACCESS_REFUSED.* → .*set_permissions/,
    )
  })
})

it('a mail server that refuses the login, and one that takes it; no mail is sent', { tags }, async () => {
  let mails = 0
  const server = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password }, _, answer) =>
      password === 'right' ? answer(null, { user: 'me' }) : answer(new Error('Invalid username or password')),
    onData(stream, _, taken) {
      mails += 1
      stream.resume().once('end', () => taken())
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(resolve)))
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const to = (password: string) => doctor({ ...NOWHERE, SMTP_URL: `smtp://me:${password}@127.0.0.1:${port}` })
  expect((await to('wrong')).wrong('mail')).toMatch(/refuses the login.* → Mend SMTP_URL/)
  expect((await to('right')).part('mail').facts).toEqual(['127.0.0.1, not encrypted, logged in'])
  expect(mails).toBe(0)
})
