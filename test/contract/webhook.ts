import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Channel, WebhookMessage } from '../../src/ports/channel.ts'
import { openReceiver } from '../support/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`
const OTHER = `whsec_${Buffer.from('another of thirty-two bytes 1234').toString('base64')}`

export const webhook = (url: string, change: Partial<WebhookMessage> = {}): WebhookMessage => ({
  id: 'msg_1.2',
  url,
  body: '{"type":"conversion.done","data":{"name":"☃"}}',
  secrets: [SECRET],
  now: Date.now(),
  ...change,
})

/** What every sender of webhooks keeps. `open` makes one that may reach the loopback. */
export function webhookContract(
  name: string,
  open: (options?: { timeoutMs: number }) => Promise<Channel<WebhookMessage>>,
): void {
  describe(`webhooks: ${name}`, () => {
    const openFor = async (options?: { timeoutMs: number }) => {
      const sender = await open(options)
      onTestFinished(() => sender.close())
      return sender
    }

    it('brings a signed message that the reference library verifies', async () => {
      const receiver = await openReceiver()
      const message = webhook(`${receiver.url}/hook?a=b`)
      expect(await (await openFor()).send(message)).toBe('sent')
      const [got] = receiver.requests
      expect(got).toMatchObject({ method: 'POST', path: '/hook?a=b', body: message.body })
      expect(got?.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'Soundlift',
        'webhook-id': message.id,
        'webhook-timestamp': `${Math.floor(message.now / 1000)}`,
        host: new URL(receiver.url).host,
      })
      expect(new Webhook(SECRET).verify(got?.body ?? '', got?.headers ?? {})).toEqual(
        JSON.parse(message.body),
      )
      expect(() => new Webhook(OTHER).verify(got?.body ?? '', got?.headers ?? {})).toThrow()
    })

    it('signs as the specification says: HMAC-SHA256 of id.timestamp.body', async () => {
      const receiver = await openReceiver()
      const message = webhook(receiver.url)
      await (await openFor()).send(message)
      const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
      const text = `${message.id}.${Math.floor(message.now / 1000)}.${message.body}`
      const expected = createHmac('sha256', key).update(text).digest('base64')
      expect(receiver.requests[0]?.headers['webhook-signature']).toBe(`v1,${expected}`)
    })

    it('signs with each of two secrets, so that either verifies', async () => {
      const receiver = await openReceiver()
      await (await openFor()).send(webhook(receiver.url, { secrets: [SECRET, OTHER] }))
      const { body = '', headers = {} } = receiver.requests[0] ?? {}
      for (const secret of [SECRET, OTHER]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy()
    })

    it.each([200, 201, 202, 204, 299])('is told by %d that it was taken', async (status) => {
      const receiver = await openReceiver({ status })
      expect(await (await openFor()).send(webhook(receiver.url))).toBe('sent')
    })

    it.each([301, 302, 303, 307, 308])('does not follow a %d', async (status) => {
      const inside = await openReceiver()
      const receiver = await openReceiver({ status, headers: { location: inside.url } })
      await expect((await openFor()).send(webhook(receiver.url))).rejects.toMatchObject({
        code: 'DELIVERY_DEFERRED',
        message: `the receiver answered ${status}`,
      })
      expect(inside.connections).toBe(0)
      expect(receiver.requests).toHaveLength(1)
    })

    it.each([400, 401, 404, 418, 500, 502])('is put off by %d', async (status) => {
      const receiver = await openReceiver({ status })
      await expect((await openFor()).send(webhook(receiver.url))).rejects.toMatchObject({
        code: 'DELIVERY_DEFERRED',
      })
    })

    it('is ended by 410', async () => {
      const receiver = await openReceiver({ status: 410 })
      await expect((await openFor()).send(webhook(receiver.url))).rejects.toMatchObject({
        code: 'WEBHOOK_GONE',
      })
    })

    it.each([
      [429, '120', 120],
      [503, new Date(Date.now() + 120_000).toUTCString(), 120],
      [503, 'soon', undefined],
      [500, '120', undefined],
    ])('hears how long to wait from a %d with %s', async (status, header, seconds) => {
      const receiver = await openReceiver({ status, headers: { 'retry-after': header } })
      const failure: unknown = await (await openFor()).send(webhook(receiver.url)).catch((error) => error)
      expect(failure).toMatchObject({ code: 'DELIVERY_DEFERRED' })
      const wait: unknown = Reflect.get(Object(failure), 'retryAfter')
      if (seconds === undefined) expect(wait).toBeUndefined()
      else expect(Math.abs(Number(wait) - seconds)).toBeLessThan(5)
    })

    it('does not wait for who never answers', async () => {
      const receiver = await openReceiver({ silent: true })
      const began = performance.now()
      await expect((await openFor({ timeoutMs: 500 })).send(webhook(receiver.url))).rejects.toMatchObject({
        code: 'DELIVERY_DEFERRED',
        message: 'the receiver can not be reached (no answer in time)',
      })
      expect(performance.now() - began).toBeLessThan(5_000)
    })

    it('reads a little of an endless answer, and lets go', async () => {
      const receiver = await openReceiver({ endless: true })
      expect(await (await openFor()).send(webhook(receiver.url))).toBe('sent')
      await expect.poll(() => receiver.open).toBe(0)
      expect(receiver.written).toBeLessThan(32 * 1024 ** 2)
    })

    it('is put off where nobody listens', async () => {
      const receiver = await openReceiver()
      await receiver.close()
      await expect((await openFor()).send(webhook(receiver.url))).rejects.toMatchObject({
        code: 'DELIVERY_DEFERRED',
        message: 'the receiver can not be reached (ECONNREFUSED)',
      })
    })
  })
}
