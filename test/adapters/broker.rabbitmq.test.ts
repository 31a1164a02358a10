import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createConnection, type Server } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openBroker } from '../../src/adapters/broker/index.ts'
import { openRabbitmq, type RabbitmqSettings } from '../../src/adapters/broker/rabbitmq.ts'
import { newId } from '../../src/kit/ids.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import type { Broker, QueueMessage } from '../../src/ports/broker.ts'
import { brokerContract } from '../contract/broker.ts'
import { amqpBackend, amqpIsThere, rabbitmqIsThere } from '../support/backends/amqp.ts'
import { openFaultProxy } from '../support/fault-proxy.ts'
import { selfSigned } from '../support/self-signed.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/wait.ts'

const logger = silentLogger()
const message = (): QueueMessage => ({ video_fid: newId(), mp3_fid: null, username: 'alice@example.com' })

describe.skipIf(!(await amqpIsThere()))('RabbitMQ', () => {
  const backend = amqpBackend()
  type Some = Partial<RabbitmqSettings>
  const open = async (settings: Some = {}) => {
    const given = { url: backend.url(), queues: backend.queues(), logger, retryMs: 40, ...settings }
    const broker = await openRabbitmq(given)
    onTestFinished(() => broker.close())
    return { broker, queues: given.queues }
  }
  /** What others see: a connection without anything of ours. */
  const stranger = async (): Promise<Channel> => {
    const connection: ChannelModel = await connect(backend.url())
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    channel.on('error', () => {})
    return channel
  }
  const openProxy = async () => {
    const proxy = await openFaultProxy({ port: Number(new URL(backend.url()).port || 5672) })
    onTestFinished(() => proxy.close())
    return proxy
  }

  brokerContract('rabbitmq', () =>
    openRabbitmq({ url: backend.url(), queues: backend.queues(), logger, retryMs: 40 }),
  )

  describe('what others see', () => {
    it('declares queues as someone would by hand, before or after', async () => {
      const queues = backend.queues()
      const channel = await stranger()
      await channel.assertQueue(queues.video, { durable: true })
      await open({ queues })
      for (const queue of [queues.video, queues.mp3, `${queues.mp3}.failed`]) {
        await expect(channel.assertQueue(queue, { durable: true })).resolves.toMatchObject({ queue })
      }
    })

    it('sends persistent JSON by the default exchange', async () => {
      const { broker, queues } = await open()
      const sent = message()
      await broker.publish('video', sent)
      const found = await taken(await stranger(), queues.video)
      expect(JSON.parse(found.content.toString())).toEqual(sent)
      expect(found.fields).toMatchObject({ exchange: '', routingKey: queues.video })
      expect(found.properties).toMatchObject({ deliveryMode: 2, contentType: 'application/json' })
    })

    it('takes messages of strangers; what it can not use holds nobody up and is kept as it came', async () => {
      const { broker, queues } = await open()
      const channel = await stranger()
      const sent = message()
      const poison = ['hello', '{"video_fid":', '{"video_fid":{"$ne":null}}', '[]', Buffer.from([0xff, 0])]
      for (const body of poison) channel.sendToQueue(queues.video, Buffer.from(body))
      channel.sendToQueue(queues.video, Buffer.from(JSON.stringify({ ...sent, more: 1 })), {
        expiration: 9e6,
      })
      const seen: QueueMessage[] = []
      await broker.subscribe('video', async (each) => void seen.push(each))
      await vi.waitFor(() => expect(seen).toEqual([sent]), 5_000)
      const letters = await broker.deadLetters.list(10)
      expect(letters.map(({ body }) => body).slice(0, 4)).toEqual(poison.slice(0, 4))
      expect(letters[0]?.reason).toBe('the body is not JSON')
      const dead = await taken(channel, `${queues.video}.dead`)
      expect(dead.content.toString()).toBe('hello')
      expect(dead.properties.deliveryMode).toBe(2)
    })

    it('requeues a dead letter byte by byte', async () => {
      const { broker, queues } = await open()
      const channel = await stranger()
      const body = Buffer.from([0x22, 0xff, 0x00])
      channel.sendToQueue(queues.mp3, body)
      const subscription = await broker.subscribe('mp3', async () => {})
      await until('it is dead', async () => (await broker.deadLetters.list(1))[0], 5_000)
      await subscription.close()
      expect(await broker.deadLetters.requeue()).toBe(1)
      expect((await taken(channel, queues.mp3)).content).toEqual(body)
    })

    it('names a queue that exists with other arguments, and what mends it', async () => {
      const queues = backend.queues()
      const channel = await stranger()
      await channel.assertQueue(queues.video, { durable: true, messageTtl: 1_000 })
      const opening = open({ queues })
      await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      await expect(opening).rejects.toThrow(queues.video)
      await expect(opening).rejects.toThrow(/delete_queue.*VIDEO_QUEUE/)
    })

    it('gives back what it has not handled when it pauses', async () => {
      const first = await open()
      const second = await open({ queues: first.queues })
      const seen: string[] = []
      const paused = await first.broker.subscribe('video', async () => {
        paused.pause()
        await delay(20)
      })
      for (let each = 0; each < 6; each++) await first.broker.publish('video', message())
      await delay(100)
      await second.broker.subscribe('video', async ({ video_fid }) => void seen.push(video_fid))
      await vi.waitFor(() => expect(seen).toHaveLength(5), 5_000)
    })
  })

  describe('when something goes wrong', () => {
    it('declares a queue anew that someone has deleted, for what it sends and what it takes', async () => {
      const { broker, queues } = await open()
      const channel = await stranger()
      await channel.deleteQueue(queues.video)
      await broker.publish('video', message())
      expect((await channel.checkQueue(queues.video)).messageCount).toBe(1)
      const seen: QueueMessage[] = []
      await broker.subscribe('mp3', async (each) => void seen.push(each))
      await channel.deleteQueue(queues.mp3)
      await broker.publish('mp3', message())
      await vi.waitFor(() => expect(seen).toHaveLength(1), 5_000)
    })

    it('recovers from a cut within 5 s; what was in hand comes again', async () => {
      const proxy = await openProxy()
      const { broker } = await open({ url: proxy.through(backend.url()) })
      const seen: string[] = []
      const first = message()
      await broker.subscribe('video', async ({ video_fid }) => {
        seen.push(video_fid)
        if (seen.length > 1) return
        proxy.cut()
        await delay(100)
      })
      await broker.publish('video', first)
      await vi.waitFor(() => expect(seen).toEqual([first.video_fid, first.video_fid]), 5_000)
      proxy.cut()
      const second = message()
      await broker.publish('video', second)
      await vi.waitFor(() => expect(seen).toContain(second.video_fid), 5_000)
      expect(broker.connected).toBe(true)
    })

    it('notices an end of which only half arrives', async () => {
      const proxy = await openProxy()
      const { broker } = await open({ url: proxy.through(backend.url()) })
      proxy.halfClose()
      await vi.waitFor(() => expect(broker.connected).toBe(false), { timeout: 5_000, interval: 1 })
      await vi.waitFor(() => expect(broker.connected).toBe(true), 5_000)
      await broker.publish('video', message())
    })

    it('refuses messages while the broker is away, and finds it within 5 s', async () => {
      const proxy = await openProxy()
      const { broker } = await open({ url: proxy.through(backend.url()) })
      proxy.refuse()
      const lost = Date.now()
      await expect(broker.publish('video', message())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
      expect(Date.now() - lost).toBeLessThan(5_500)
      expect(broker.connected).toBe(false)
      const asked = Date.now()
      await expect(broker.publish('video', message())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
      expect(Date.now() - asked).toBeLessThan(500) // one outage is waited for once
      proxy.restore()
      await vi.waitFor(() => expect(broker.connected).toBe(true), 5_000)
      await broker.publish('video', message())
    })

    it('notices a silent broker by its heartbeats, asks for nothing longer than 5 s, and finds it again', async () => {
      const proxy = await openProxy()
      const { broker } = await open({ url: `${proxy.through(backend.url())}?heartbeat=2` })
      const seen: string[] = []
      await broker.subscribe('video', async ({ video_fid }) => void seen.push(video_fid))
      proxy.blackHole()
      const since = Date.now()
      await expect(broker.publish('video', message())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
      expect(Date.now() - since).toBeLessThan(5_500)
      await vi.waitFor(() => expect(broker.connected).toBe(false), 3 * 2_000)
      await vi.waitFor(() => expect(proxy.connections).toBeLessThanOrEqual(2), 1_000) // none is left behind
      proxy.restore()
      await vi.waitFor(() => expect(broker.connected).toBe(true), 5_000)
      const late = message()
      await broker.publish('video', late)
      await vi.waitFor(() => expect(seen).toContain(late.video_fid), 5_000)
    }, 30_000)

    it('is kept by its heartbeats while there is nothing to say, and carries the next message', async () => {
      const said: string[] = []
      const logger = pino({}, { write: (line) => void said.push(line) })
      const { broker } = await open({ url: `${backend.url()}?heartbeat=2`, logger })
      const seen: string[] = []
      await broker.subscribe('video', async ({ video_fid }) => void seen.push(video_fid))
      await delay(7_000) // more than three of them: by then RabbitMQ ends a link on which it heard none
      const sent = message()
      await broker.publish('video', sent)
      await vi.waitFor(() => expect(seen).toEqual([sent.video_fid]), 5_000)
      // one to publish by, one to consume by: none was made anew
      expect(said.filter((line) => line.includes('connected to the broker'))).toHaveLength(2)
    }, 30_000)

    it('closes within seconds while the broker is silent', async () => {
      const proxy = await openProxy()
      const { broker } = await open({ url: proxy.through(backend.url()) })
      await broker.subscribe('video', async () => {})
      proxy.blackHole()
      const since = Date.now()
      await broker.close()
      expect(Date.now() - since).toBeLessThan(4_000)
    })

    it('works over a slow line', async () => {
      const proxy = await openProxy()
      proxy.delay(50)
      const { broker } = await open({ url: proxy.through(backend.url()) })
      const seen: string[] = []
      await broker.subscribe('mp3', async ({ video_fid }) => void seen.push(video_fid))
      const since = Date.now()
      await Promise.all(Array.from({ length: 20 }, () => broker.publish('mp3', message())))
      expect(Date.now() - since).toBeGreaterThanOrEqual(99) // there and back
      await vi.waitFor(() => expect(seen).toHaveLength(20), 5_000)
    })

    it('takes 3,000 messages at once', async () => {
      const { broker, queues } = await open()
      await Promise.all(Array.from({ length: 3_000 }, () => broker.publish('video', message())))
      const { messageCount } = await (await stranger()).checkQueue(queues.video)
      expect(messageCount).toBe(3_000)
    })

    it('sends what is on its way before it closes', async () => {
      const { broker, queues } = await open()
      const publishing = broker.publish('video', message())
      await broker.close()
      await publishing
      expect((await (await stranger()).checkQueue(queues.video)).messageCount).toBe(1)
    })
  })

  describe('at the start', () => {
    it('waits for the broker', async () => {
      const proxy = await openProxy()
      proxy.refuse()
      const opening = open({ url: proxy.through(backend.url()) })
      await delay(500)
      proxy.restore()
      const { broker } = await opening
      expect(broker.connected).toBe(true)
    })

    it('gives up after a while, names the address and keeps the password to itself', async () => {
      const proxy = await openProxy()
      proxy.refuse()
      const url = `amqp://user:pass-word@127.0.0.1:${proxy.port}`
      const error = await open({ url, waitMs: 300 }).catch((cause: unknown) => cause)
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause: expect.any(Error) })
      expect(String(error)).toContain(`127.0.0.1:${proxy.port}`)
      expect(String(error)).not.toContain('pass-word')
    })

    it('does without a broker that may be away, and finds it when it comes', async () => {
      const proxy = await openProxy()
      proxy.refuse()
      const { broker, queues } = await open({
        url: proxy.through(backend.url()),
        mayBeAway: true,
        waitMs: 300,
      })
      const seen: QueueMessage[] = []
      await broker.subscribe('video', async (each) => void seen.push(each))
      expect(broker.connected).toBe(false)
      proxy.restore()
      await vi.waitFor(() => expect(broker.connected).toBe(true), 10_000)
      const sent = message()
      const channel = await stranger()
      channel.sendToQueue(queues.video, Buffer.from(JSON.stringify(sent)))
      await vi.waitFor(() => expect(seen).toEqual([sent]), 5_000)
    })

    it('tells a wrong password', async () => {
      const url = backend.url().replace(/\/\/[^@]*@/, '//soundlift:wrong@')
      const error = await open({ url, waitMs: 1_500 }).catch((cause: unknown) => cause)
      expect(error).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        cause: expect.objectContaining({ message: expect.stringContaining('ACCESS_REFUSED') }),
      })
    })

    it.each(['amqp://', 'amqp:x', 'amqps://h?cacertfile=/none/ca.pem'])('refuses %s', async (url) => {
      const settings = { url, queues: { video: 'v', mp3: 'm' }, logger }
      await expect(openBroker(settings)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('BROKER_URL'),
      })
    })
  })
})

describe.skipIf(!(await amqpIsThere()))('RabbitMQ over TLS', () => {
  const backend = amqpBackend()
  /** What stands before a broker that speaks TLS. */
  const openTls = async () => {
    const { hostname: host, port } = new URL(backend.url())
    const folder = await temporaryFolder()
    const { key, cert } = selfSigned('localhost')
    await writeFile(join(folder, 'ca.pem'), cert)
    const server = createServer({ key, cert }, (client) => {
      const broker = createConnection({ host, port: Number(port || 5672) })
      pipeline(client, broker, client, () => {})
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    return { port: portOf(server), ca: join(folder, 'ca.pem') }
  }
  const open = async (url: string, waitMs = 5_000) => {
    const broker = await openRabbitmq({ url, queues: backend.queues(), logger, waitMs })
    onTestFinished(() => broker.close())
    return broker
  }

  it('trusts what cacertfile names, and nothing else unless told to', async () => {
    const { port, ca } = await openTls()
    const url = `amqps://guest:guest@localhost:${port}`
    await (await open(`${url}?cacertfile=${ca}`)).publish('video', message())
    await (await open(`${url}?verify=verify_none`)).publish('video', message())
    await expect(open(url, 500)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      cause: expect.objectContaining({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    })
  })
})

describe.skipIf(!rabbitmqIsThere())('RabbitMQ, a server of our own', () => {
  const backend = amqpBackend()

  it('survives its death and its alarm', async () => {
    const server = await backend.start()
    const queues = { video: 'video', mp3: 'mp3' }
    const broker = await openRabbitmq({ url: server.url, queues, logger })
    onTestFinished(() => broker.close())
    const kept = message()
    await broker.publish('video', kept)
    // Silence is noticed after three of them at the latest: within 30 s.
    expect(Number(await server.ctl('list_connections', '--no-table-headers', 'timeout'))).toBeLessThan(10)

    await server.kill()
    await vi.waitFor(() => expect(broker.connected).toBe(false), 5_000)
    await server.startAgain()
    await vi.waitFor(() => expect(broker.connected).toBe(true), 5_000)
    const seen: string[] = []
    await broker.subscribe('video', async ({ video_fid }) => void seen.push(video_fid))
    await vi.waitFor(() => expect(seen).toEqual([kept.video_fid]), 5_000)

    const subscription = await broker.subscribe('mp3', async ({ video_fid }) => void seen.push(video_fid))
    subscription.pause()
    const waiting = [message(), message(), message()]
    for (const each of waiting) await broker.publish('mp3', each)
    await server.ctl('set_vm_memory_high_watermark', '0')
    await until('it takes no messages', () => refuses(broker), 15_000)
    subscription.resume() // what lies there is still handed over, and acknowledged
    await vi.waitFor(() =>
      expect(seen).toEqual(expect.arrayContaining(waiting.map((each) => each.video_fid))),
    )
    const left = async () =>
      (await server.ctl('list_queues', '--no-table-headers', 'name', 'messages')).match(/^mp3\t(\d+)$/m)?.[1]
    await until('nothing is left', async () => (await left()) === '0' || undefined, 5_000)
    const refused = Date.now()
    await expect(broker.publish('mp3', message())).rejects.toThrow('takes no messages')
    expect(Date.now() - refused).toBeLessThan(500)
    await server.ctl('set_vm_memory_high_watermark', '0.4')
    await until('it takes messages', () => publishes(broker), 15_000)
  }, 90_000)
})

/** The next message of a queue, gone from it. */
async function taken(channel: Channel, queue: string): Promise<GetMessage> {
  return until(`a message in ${queue}`, async () => (await channel.get(queue, { noAck: true })) || undefined)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

const publishes = (broker: Broker) =>
  broker.publish('video', message()).then(
    () => true,
    () => undefined,
  )
const refuses = (broker: Broker) =>
  broker.publish('video', message()).then(
    () => undefined,
    () => true,
  )
