import { createServer, type Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { openSmtp } from '../../src/adapters/channels/smtp.ts'
import { emailContract } from '../contract/channel.ts'
import { selfSigned } from '../support/self-signed.ts'

const FROM = 'Soundlift <soundlift@example.com>'
const MESSAGE = { messageId: 'e1.email@soundlift', to: 'alice@example.com', subject: 's', text: 'text\n' }

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A real mail server on the loopback, without TLS unless the options say otherwise. */
async function listen(options: SMTPServerOptions) {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server.server),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** Sends one message to such a server; resolves or fails as the channel does. */
async function sendTo(options: SMTPServerOptions, login = '', query = '') {
  const server = await listen(options)
  const channel = await openSmtp({
    url: `smtp://${login}127.0.0.1:${server.port}${query}`,
    from: FROM,
    timeoutMs: 2_000,
  })
  onTestFinished(async () => {
    await channel.close()
    await server.close()
  })
  return channel.send(MESSAGE)
}

const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

emailContract('smtp', async () => {
  const mails = new Map<string, string>()
  const server = await listen({
    async onData(stream, _session, taken) {
      const raw = (await buffer(stream)).toString()
      mails.set(/^message-id: <(.+)>/im.exec(raw)?.[1] ?? '', raw)
      taken()
    },
  })
  const channel = await openSmtp({ url: `smtp://127.0.0.1:${server.port}`, from: FROM })
  return {
    channel,
    answer: 'sent',
    mail: async (messageId) => mails.get(messageId) ?? '',
    close: async () => {
      await channel.close()
      await server.close()
    },
  }
})

describe('smtp', () => {
  it('refuses for good what the server refuses with 550', async () => {
    const refused = sendTo({
      onRcptTo: (_address, _session, done) => done(answer(550, '5.1.1 no such user here')),
    })
    await expect(refused).rejects.toMatchObject({
      code: 'DELIVERY_REFUSED',
      message: expect.stringContaining('no such user here'),
    })
  })

  it('refuses for good what the server refuses after the text', async () => {
    const refused = sendTo({
      onData(stream, _session, done) {
        stream.resume().on('end', () => done(answer(554, '5.7.1 looks like spam')))
      },
    })
    await expect(refused).rejects.toMatchObject({ code: 'DELIVERY_REFUSED' })
  })

  it('puts off what the server puts off with 451', async () => {
    const deferred = sendTo({
      onRcptTo: (_address, _session, done) => done(answer(451, '4.7.1 greylisted, come again')),
    })
    await expect(deferred).rejects.toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('greylisted'),
    })
  })

  it('puts off while the server takes nobody (554 as greeting)', async () => {
    const deferred = sendTo({ onConnect: (_session, done) => done(answer(554, 'not today')) })
    await expect(deferred).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
  })

  it('puts off when the login is refused, and names the variable but no password', async () => {
    const error: unknown = await sendTo(
      { authMethods: ['PLAIN'], onAuth: (_auth, _session, done) => done(new Error('Authentication failed')) },
      'alice:topsecret@',
    ).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('SMTP_URL'),
    })
    expect(String(error)).not.toContain('topsecret')
  })

  it('puts off when the server wants a login and none is set', async () => {
    const deferred = sendTo({ authOptional: false })
    await expect(deferred).rejects.toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('SMTP_URL'),
    })
  })

  it('logs in with percent-encoded letters', async () => {
    const seen: unknown[] = []
    await sendTo(
      {
        authMethods: ['PLAIN'],
        onAuth(auth, _session, done) {
          seen.push(auth.username, auth.password)
          done(null, { user: auth.username })
        },
      },
      'al%40ice:p%3Aw%2F@',
    )
    expect(seen).toEqual(['al@ice', 'p:w/'])
  })

  it('gives up on a server that never answers', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const channel = await openSmtp({ url: `smtp://127.0.0.1:${portOf(silent)}`, from: FROM, timeoutMs: 300 })
    const started = Date.now()
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('in time'),
    })
    expect(Date.now() - started).toBeLessThan(3_000)
    await channel.close()
  })

  it('gives up on a server that takes the text and says nothing', async () => {
    const channelTimeout = sendTo({ onData: (stream) => void stream.resume() })
    await expect(channelTimeout).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
  })

  it('puts off when nobody listens', async () => {
    const server = await listen({})
    await server.close()
    const channel = await openSmtp({ url: `smtp://127.0.0.1:${server.port}`, from: FROM })
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
    await channel.close()
  })

  it('goes on after the server was away', async () => {
    const first = await listen({})
    const channel = await openSmtp({ url: `smtp://127.0.0.1:${first.port}`, from: FROM, timeoutMs: 2_000 })
    expect(await channel.send(MESSAGE)).toBe('sent')
    await first.close()
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
    const second = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
    await new Promise<void>((resolve) => second.listen(first.port, '127.0.0.1', resolve))
    expect(await channel.send(MESSAGE)).toBe('sent')
    await channel.close()
    await new Promise<void>((resolve) => second.close(() => resolve()))
  })

  it('sends nothing in the clear to a host that is not the loopback', async () => {
    let mails = 0
    const server = await listen({
      onMailFrom(_address, _session, done) {
        mails += 1
        done()
      },
    })
    onTestFinished(server.close)
    const url = `smtp://0.0.0.0:${server.port}` // reaches this machine, and is no loopback address
    const strict = await openSmtp({ url, from: FROM, timeoutMs: 2_000 })
    await expect(strict.send(MESSAGE)).rejects.toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('?tls=off'),
    })
    expect(mails).toBe(0)
    const plain = await openSmtp({ url: `${url}?tls=off`, from: FROM, timeoutMs: 2_000 })
    expect(await plain.send(MESSAGE)).toBe('sent')
    await Promise.all([strict.close(), plain.close()])
  })
})

describe('smtp over TLS', () => {
  const HOST = '0.0.0.0' // reaches this machine, and is no loopback address
  const { key, cert } = selfSigned(HOST)
  const trusted = getCACertificates('default')
  afterEach(() => setDefaultCACertificates(trusted))

  /** Sends to a server with this certificate; how the mail came to it. */
  async function sendBy(scheme: 'smtp' | 'smtps', host = HOST) {
    const came: boolean[] = []
    const server = await listen({
      ...{ key, cert, secure: scheme === 'smtps', disabledCommands: [] },
      onMailFrom(_address, session, done) {
        came.push(session.secure)
        done()
      },
    })
    const channel = await openSmtp({
      url: `${scheme}://${host}:${server.port}`,
      from: FROM,
      timeoutMs: 5_000,
    })
    onTestFinished(async () => {
      await channel.close()
      await server.close()
    })
    return { sent: channel.send(MESSAGE), came }
  }

  it.each(['smtp', 'smtps'] as const)('%s: the mail goes encrypted', async (scheme) => {
    setDefaultCACertificates([...trusted, cert])
    const { sent, came } = await sendBy(scheme)
    expect(await sent).toBe('sent')
    expect(came).toEqual([true])
  })
  it.each(['smtp', 'smtps'] as const)('%s: a certificate nobody vouches for gets nothing', async (scheme) => {
    const { sent, came } = await sendBy(scheme)
    await expect(sent).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
    expect(came).toEqual([])
  })
  it('a certificate for another host gets nothing', async () => {
    setDefaultCACertificates([...trusted, cert])
    const { sent, came } = await sendBy('smtps', '127.0.0.1')
    await expect(sent).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
    expect(came).toEqual([])
  })
})
