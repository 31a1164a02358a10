import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { type ChannelModel, connect } from 'amqplib'
import { GridFSBucket, MongoClient, ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { amqpBackend, amqpIsThere } from '../support/backends/amqp.ts'
import { mongodbBackend, mongodbIsThere } from '../support/backends/mongodb.ts'
import { postgresDatabase, postgresIsThere } from '../support/backends/postgres.ts'
import { administrator, as, download, newPerson } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { judge } from '../support/judge.ts'
import { idIn, type MailReceiver, openMailReceiver } from '../support/mail-receiver.ts'
import { media } from '../support/make-media.ts'
import { startProcess } from '../support/process.ts'
import { launch, PROGRAM, type Program, soundlift } from '../support/program.ts'
import { type Server, startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'

const there = (await mongodbIsThere('replicaSet')) && (await amqpIsThere())
const postgres = await postgresIsThere()

/** A producer and a consumer that know queues and stores alone, and have nothing of ours. */
describe.skipIf(!there)('programs of others', () => {
  const amqp = amqpBackend()
  const mongodb = mongodbBackend('replicaSet')
  let client: MongoClient
  let connection: ChannelModel
  let place: { library: string; videos: string; mp3s: string }
  beforeAll(async () => {
    const library = await mongodb.url('replicaSet')
    const [, name = ''] = /\/([^/?]+)(?:\?|$)/.exec(library) ?? []
    const beside = (sub: string) => library.replace(name, `${name}-${sub}`)
    place = { library, videos: beside('videos'), mp3s: beside('mp3s') }
    client = new MongoClient(library)
    connection = await connect(amqp.url())
  })
  afterAll(async () => {
    for (const url of [place.videos, place.mp3s]) await databaseAt(url).dropDatabase()
    await client.close()
    await connection.close()
  })

  const databaseAt = (url: string) => client.db(/\/([^/?]+)(?:\?|$)/.exec(url)?.[1])
  const settings = (queues: { video: string; mp3: string }) => ({
    LIBRARY_URL: place.library,
    VIDEOS_URL: place.videos,
    MP3S_URL: place.mp3s,
    BROKER_URL: amqp.url(),
    VIDEO_QUEUE: queues.video,
    MP3_QUEUE: queues.mp3,
  })

  async function produce(queue: string, message: unknown): Promise<void> {
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue(queue, { durable: true })
    const body = typeof message === 'string' ? message : JSON.stringify(message)
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
    await channel.waitForConfirms()
    await channel.close()
  }

  /** What comes into a queue from now on. */
  async function consume(queue: string): Promise<readonly unknown[]> {
    const messages: unknown[] = []
    const channel = await connection.createChannel()
    await channel.assertQueue(queue, { durable: true })
    await channel.consume(queue, (message) => {
      if (!message) return
      messages.push(JSON.parse(message.content.toString()))
      channel.ack(message)
    })
    return messages
  }

  /** Stores bytes as pymongo's `fs.put` does: no name, no metadata. */
  async function put(url: string, bytes: Uint8Array): Promise<string> {
    const upload = new GridFSBucket(databaseAt(url)).openUploadStream('')
    await new Promise<void>((resolve, reject) => {
      upload.once('finish', resolve).once('error', reject).end(bytes)
    })
    return upload.id.toHexString()
  }

  const get = (url: string, id: string) =>
    buffer(new GridFSBucket(databaseAt(url)).openDownloadStream(new ObjectId(id)))

  const mediaBytes = async () => readFile(await media('mkv'))
  const unknownId = () => randomBytes(12).toString('hex')

  describe('a converter alone', () => {
    let queues: { video: string; mp3: string }
    let converter: Program
    let announced: readonly unknown[]
    beforeAll(async () => {
      queues = amqp.queues()
      announced = await consume(queues.mp3)
      const env = { ...settings(queues), PORT: '0' }
      converter = launch(process.execPath, [PROGRAM, 'serve', 'converter'], { env })
    })
    afterAll(async () => {
      converter.signal('SIGTERM')
      expect((await converter.exit).code).toBe(0)
    })

    it('makes an MP3 of a video in GridFS, and tells so; what nobody can use stops nobody', async () => {
      const video = await put(place.videos, await mediaBytes())
      const username = 'carol@example.com'
      const poison = [
        'no JSON',
        '[]',
        { video_fid: 7, mp3_fid: null, username },
        { video_fid: unknownId(), mp3_fid: null, username },
        { video_fid: video, mp3_fid: null, username: 'nobody' },
      ]
      for (const message of poison) await produce(queues.video, message)
      const message = { video_fid: video, mp3_fid: null, username }
      await produce(queues.video, message)
      await produce(queues.video, message)
      const told = await until('an mp3 message', () => announced[0])
      expect(told).toMatchObject({
        video_fid: video,
        mp3_fid: expect.stringMatching(/^[0-9a-f]{24}$/),
        username,
      })
      const mp3 = await get(place.mp3s, String(Reflect.get(Object(told), 'mp3_fid')))
      expect(await judge(mp3)).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2 })
      const listed = await until('five dead letters', async () => {
        const { out } = await soundlift(['dead-letters', 'list'], { env: settings(queues) })
        return out.trim().split('\n').length === poison.length ? out : undefined
      })
      expect(listed).toMatch(/the body is not JSON/)
      expect(listed).toMatch(/the store of sources has no file/)
      expect(announced).toHaveLength(1)
    })

    it('takes a dead letter up when what was missing has come', async () => {
      const video = await put(place.videos, await mediaBytes())
      const [held] = await databaseAt(place.videos)
        .collection('fs.files')
        .find({ _id: new ObjectId(video) })
        .toArray()
      await databaseAt(place.videos)
        .collection('fs.files')
        .deleteOne({ _id: new ObjectId(video) })
      await produce(queues.video, { video_fid: video, mp3_fid: null, username: 'carol@example.com' })
      const letters = () => soundlift(['dead-letters', 'list'], { env: settings(queues) })
      const line = await until('its dead letter', async () =>
        (await letters()).out.split('\n').find((each) => each.includes(`no file ${video}`)),
      )
      await databaseAt(place.videos)
        .collection('fs.files')
        .insertOne(held ?? {})
      const { out } = await soundlift(['dead-letters', 'requeue', line.split(' ')[0] ?? ''], {
        env: settings(queues),
      })
      expect(out).toBe('1 message is back in the queue\n')
      await until('an mp3 message', () =>
        announced.find((each) => Reflect.get(Object(each), 'video_fid') === video),
      )
    })
  })

  describe.skipIf(!postgres)('a notification alone', () => {
    it('is ready, and mails what another converter announces', async () => {
      const { url: NOTIFICATIONS_URL, drop } = await postgresDatabase()
      const mail = await openMailReceiver()
      const queues = amqp.queues()
      const own = { NOTIFICATIONS_URL, SMTP_URL: mail.url, JWT_SECRET: 'sarcasm', METRICS_PORT: 'off' }
      const port = await freePort()
      const env = { ...settings(queues), ...own, PORT: `${port}` }
      const alone = startProcess({ service: 'notification', url: `http://127.0.0.1:${port}`, env })
      onTestFinished(async () => {
        await alone.end('SIGKILL')
        await mail.close()
        await drop()
      })
      await alone.ready()
      expect((await fetch(`${alone.url}/healthz`)).status).toBe(200)
      const mp3_fid = await put(place.mp3s, await readFile(await media('mp3')))
      await produce(queues.mp3, { video_fid: unknownId(), mp3_fid, username: 'gina@example.com' })
      expect(idIn(await mail.nextMail('gina@example.com'))).toBe(mp3_fid)
      expect(await alone.end('SIGTERM')).toBe(0)
    })
  })

  describe('all services', () => {
    let mail: MailReceiver
    let server: Server
    let queues: { video: string; mp3: string }
    beforeAll(async () => {
      queues = amqp.queues()
      mail = await openMailReceiver()
      server = await startServer({ ...settings(queues), SMTP_URL: mail.url })
    })
    afterAll(async () => {
      await server.remove()
      await mail.close()
    })

    it('give the result to the account of the address, and to no one who takes the address later', async () => {
      const admin = await administrator(server)
      const dora = await newPerson(server.url)
      const eve = 'eve@example.com'
      for (const username of [dora.email, eve]) {
        const video = await put(place.videos, await mediaBytes())
        await produce(queues.video, { video_fid: video, mp3_fid: null, username })
      }
      const hers = idIn(await mail.nextMail(dora.email))
      expect(await judge(await download(dora, hers))).toMatchObject({ codec: 'mp3' })
      const nobodys = idIn(await mail.nextMail(eve))
      const late = await newPerson(server.url, eve)
      expect((await as(late, `/download?fid=${nobodys}`)).status).toBe(404)
      expect((await as(admin, `/download?fid=${nobodys}`)).status).toBe(200)
    })

    it('tell results that another converter made, once', async () => {
      const fred = await newPerson(server.url)
      const mp3 = await readFile(await media('mp3'))
      const made = { video_fid: unknownId(), mp3_fid: await put(place.mp3s, mp3), username: fred.email }
      await produce(queues.mp3, { ...made, mp3_fid: unknownId() })
      await produce(queues.mp3, made)
      await produce(queues.mp3, made)
      expect(idIn(await mail.nextMail(fred.email))).toBe(made.mp3_fid)
      expect(Buffer.compare(await download(fred, made.mp3_fid), mp3)).toBe(0)
      const video = await put(place.videos, await mediaBytes())
      await produce(queues.video, { video_fid: video, mp3_fid: null, username: fred.email })
      await mail.nextMail(fred.email, 2)
      expect(mail.mailsTo(fred.email)).toHaveLength(2)
    })
  })
})
