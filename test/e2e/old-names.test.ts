/** @module-tag topology-one */
import { describe, expect, it, onTestFinished } from 'vitest'
import { mongodbDatabases, mongodbIsThere } from '../support/backends/mongodb.ts'
import { mysqlDatabase, mysqlIsThere } from '../support/backends/mysql.ts'
import { postgresDatabase, postgresIsThere } from '../support/backends/postgres.ts'
import { s3Bucket, s3IsThere } from '../support/backends/s3.ts'
import { as, download, expectStatus, newPerson, upload } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { judge } from '../support/judge.ts'
import { idIn, openMailReceiver } from '../support/mail-receiver.ts'
import { media } from '../support/make-media.ts'
import { startProcess } from '../support/process.ts'
import type { Env } from '../support/program.ts'
import type { Service } from '../support/topologies.ts'

const mongodb = await mongodbIsThere('replicaSet')
const sql = (await mysqlIsThere()) && (await postgresIsThere())

/** What every one of them needs and the originals did not have, or had in their code. */
const OURS: Env = { JWT_SECRET: 'sarcasm', METRICS_PORT: 'off' }

/** A process on these settings and OURS. */
function start(service: Service, port: number, env: Env) {
  const url = `http://127.0.0.1:${port}`
  const started = startProcess({ service, url, env: { ...OURS, ...env, PORT: `${port}` } })
  onTestFinished(async () => void (await started.end('SIGKILL')))
  return started
}

/** A place that is removed when the test is over. */
async function owned<Place extends { drop(): Promise<void> }>(place: Promise<Place>): Promise<Place> {
  const made = await place
  onTestFinished(() => made.drop())
  return made
}

/** A URL in the pieces the originals had variables for; empty ones are not set. */
function pieces(url: string, names: { user: string; password: string; database: string }): Env {
  const { username, password, pathname } = new URL(url)
  const all = { [names.user]: username, [names.password]: password, [names.database]: pathname.slice(1) }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, decodeURIComponent(value)]))
}

describe.skipIf(!mongodb || !sql)('the names of 000 to 003', () => {
  it('four processes start on them and turn a video into a mail and an MP3', async () => {
    const mysql = await owned(mysqlDatabase())
    const postgres = await owned(postgresDatabase())
    const databases = await owned(mongodbDatabases('-videos', '-mp3s'))
    const mail = await openMailReceiver()
    onTestFinished(() => mail.close())
    const [gatewayPort, authPort, notificationPort] = [await freePort(), await freePort(), await freePort()]
    // Their broker was `rabbitmq` and is not there: what it would wake looks by itself.
    const stores = { MONGODB_VIDEOS_URI: databases.url('-videos'), MONGODB_MP3S_URI: databases.url('-mp3s') }
    const all = [
      start('auth', authPort, {
        ...pieces(mysql.url, { user: 'MYSQL_USER', password: 'MYSQL_PASSWORD', database: 'MYSQL_DB' }),
        MYSQL_HOST: new URL(mysql.url).hostname,
        MYSQL_PORT: new URL(mysql.url).port || '3306',
      }),
      start('gateway', gatewayPort, {
        ...stores,
        AUTH_SVC_ADDRESS: `127.0.0.1:${authPort}`,
        NOTIFICATION_URL: `http://127.0.0.1:${notificationPort}`,
      }),
      start('converter', await freePort(), { ...stores, VIDEO_QUEUE: 'video', MP3_QUEUE: 'mp3' }),
      start('notification', notificationPort, {
        ...stores,
        ...pieces(postgres.url, {
          user: 'DATABASE_USER',
          password: 'PSQL_PASSWORD',
          database: 'DATABASE_NAME',
        }),
        DATABASE_HOST: new URL(postgres.url).host,
        GMAIL_ADDRESS: 'sound@gmail.com',
        GMAIL_PASSWORD: 'a b c d',
        SMTP_URL: mail.url, // no test asks Gmail
        MP3_QUEUE: 'mp3',
      }),
    ]
    await Promise.all(all.map((each) => each.ready()))
    const alice = await newPerson(`http://127.0.0.1:${gatewayPort}`)
    await upload(alice, await media('mkv'))
    const told = await mail.nextMail(alice.email)
    expect(told.parsed.from?.address).toBe('sound@gmail.com')
    expect(await judge(await download(alice, idIn(told)))).toMatchObject({ codec: 'mp3', channels: 2 })
    for (const each of all) expect(await each.end('SIGTERM')).toBe(0)
  })
})

describe.skipIf(!mongodb || !(await s3IsThere()))('the names of 004', () => {
  it('auth and file service start on them, and a file comes and goes', async () => {
    const databases = await owned(mongodbDatabases('-app'))
    const bucket = await owned(s3Bucket())
    const [filesPort, authPort] = [await freePort(), await freePort()]
    const { hostname, username, password, searchParams } = new URL(bucket.url)
    const both = { MONGO_URI: databases.url('-app') }
    const all = [
      start('auth', authPort, both),
      start('gateway', filesPort, {
        ...both,
        AWS_BUCKET_NAME: hostname,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: username,
        AWS_SECRET_ACCESS_KEY: password,
        AWS_ENDPOINT_URL_S3: searchParams.get('endpoint') ?? '', // the SDK's own name, for an S3 that is not AWS
        AUTH_URL: `http://127.0.0.1:${authPort}`,
        BROKER_URL: 'off',
      }),
    ]
    await Promise.all(all.map((each) => each.ready()))
    const alice = await newPerson(`http://127.0.0.1:${filesPort}`)
    const sent = await as(alice, '/upload?filename=test.pdf', { method: 'POST', body: 'any bytes' })
    const { fileId } = JSON.parse(await expectStatus(sent, 201))
    const { url } = JSON.parse(await expectStatus(await as(alice, `/file/${fileId}`), 200))
    expect(new URL(url).port).toBe(new URL(searchParams.get('endpoint') ?? '').port)
    expect(await expectStatus(await fetch(url), 200)).toBe('any bytes')
    for (const each of all) expect(await each.end('SIGTERM')).toBe(0)
  })
})
