import { setTimeout as delay } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/domain/delivery.ts'
import { secretOfConversions } from '../../src/domain/webhook.ts'
import * as make from '../contract/library/make.ts'
import { until } from '../support/wait.ts'
import { openReceiver } from '../support/webhook-receiver.ts'
import { ended, type House, openHouse, SECRET } from './harness.ts'

const ALICE = { person: 'alice', email: 'alice@example.com' }
const DAY = 24 * 3_600_000
const typeOf = ({ body }: { body: string }): string => JSON.parse(body).type
const toWebhooks = async ({ notifications }: House) =>
  notifications.deliveries({ limit: 99, channel: 'webhook' })
/** Waits for a delivery in a state; one that is put off, for a time after `after`. */
const until1 = (house: House, state: Delivery['state'], after = 0) =>
  until(`a webhook is ${state}`, async () =>
    (await toWebhooks(house)).find(
      (each) => each.state === state && (state !== 'queued' || (each.reason && each.notBefore > after)),
    ),
  )
const EVERYTHING = [
  'conversion.queued',
  'conversion.running',
  'conversion.done',
  'conversion.failed',
] as const

describe('webhooks of a person', () => {
  it('tell what is wanted, signed, in the shape of /v1, beside the mail', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    const { id, secret } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    await house.start()
    const conversion = await ended(house, 'done', { ownerId: 'alice' })
    const got = await receiver.next('a webhook', () => true)
    expect(new Webhook(secret).verify(got.body, got.headers)).toEqual({
      type: 'conversion.done',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        id: conversion.id,
        state: 'done',
        progress: 1,
        eta: null,
        attempt: 1,
        wish: { format: 'mp3', bitrate: null, quality: null },
        source: { id: conversion.sourceId, name: 'talk.mkv', size: 5_000_000_000 },
        result: {
          id: conversion.resultId,
          name: 'talk.mp3',
          size: 1_136_640,
          contentType: 'audio/mpeg',
          duration: 71.0625,
        },
        partial: false,
        warning: null,
        failure: null,
        createdAt: new Date(make.NOW).toISOString(),
        startedAt: new Date(make.NOW).toISOString(),
        endedAt: new Date(make.NOW).toISOString(),
      },
    })
    const sent = await until1(house, 'sent')
    expect(sent.address).toBe(id)
    expect(got.headers['webhook-id']).toBe(`${sent.event.id}.${id}`)
    await house.receiver.nextMail(ALICE.email)
    await delay(200)
    expect(receiver.requests).toHaveLength(1)
  })

  it('tell every step when that is wanted, in order', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    await house.center.addWebhook({ ...ALICE, url: receiver.url, events: [...EVERYTHING] })
    await ended(house, 'failed', { ownerId: 'alice' })
    await ended(house, 'done', { ownerId: 'bob' })
    await house.start()
    await receiver.next('the last', (request) => typeOf(request) === 'conversion.failed')
    await until('all are told', () => (receiver.requests.length >= 3 ? true : undefined))
    expect(receiver.requests.map(typeOf).toSorted()).toEqual([
      'conversion.failed',
      'conversion.queued',
      'conversion.running',
    ])
    const order = (await toWebhooks(house)).map(({ event }) => event.type).toReversed()
    expect(order).toEqual(['conversion.queued', 'conversion.running', 'conversion.failed'])
    await house.receiver.nextMail(ALICE.email, 2)
    expect(house.receiver.mailsTo(ALICE.email)).toHaveLength(2)
  })

  it('sign with the old secret too after a change, for a day', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    const { id, secret: old } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    const { secret: fresh } = await house.center.rotateWebhookSecret({ id })
    expect(fresh).not.toBe(old)
    let now = Date.now()
    await house.start({ now: () => now })
    const signedBy = async (count: number) => {
      await ended(house, 'done', { ownerId: 'alice' })
      await until('it came', () => (receiver.requests.length >= count ? true : undefined))
      const { headers = {} } = receiver.requests.at(-1) ?? {}
      return headers['webhook-signature']?.split(' ').length
    }
    expect(await signedBy(1)).toBe(2)
    const { body = '', headers = {} } = receiver.requests[0] ?? {}
    for (const secret of [old, fresh]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy()
    now += DAY + 60_000
    expect(await signedBy(2)).toBe(1)
  })

  it('ping on demand, once however often it is asked for at once', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    const { id } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    await Promise.all(Array.from({ length: 5 }, () => house.center.testWebhook({ id })))
    await house.start()
    expect(JSON.parse((await receiver.next('a ping', () => true)).body)).toMatchObject({
      type: 'webhook.ping',
      data: {},
    })
    await delay(200)
    expect(receiver.requests.length).toBeLessThanOrEqual(2)
  })

  it.each([
    ['removed', (house: House, id: string) => house.center.removeWebhook({ id })],
    [
      'switched off',
      (house: House, id: string) => house.center.changeWebhook({ id, change: { enabled: false } }),
    ],
    [
      'switched off with all of them',
      (house: House) => house.notifications.setPreferences('alice', { webhook: { enabled: false } }),
    ],
  ])('are not called once they are %s, not even for what was queued before', async (_, deed) => {
    const house = await openHouse()
    const receiver = await openReceiver({ status: 500 })
    const { id } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    const first = await house.start()
    await ended(house, 'done', { ownerId: 'alice' })
    await until1(house, 'queued')
    await first.stop(1_000)
    const before = receiver.requests.length
    await deed(house, id)
    await house.start({ now: () => Date.now() + 3_600_000 })
    await until1(house, 'skipped')
    expect(receiver.requests).toHaveLength(before)
  })

  it('that lead inside are parked with the reason and never dialled', async () => {
    const house = await openHouse()
    const { id } = await house.center.addWebhook({ ...ALICE, url: 'http://name.invalid/' })
    await house.notifications.webhooks.change(id, { url: 'http://169.254.169.254/latest' })
    await house.start()
    await ended(house, 'done', { ownerId: 'alice' })
    expect(await until1(house, 'parked')).toMatchObject({
      attempt: 1,
      reason: 'The webhook leads to an address that is not on the public internet.',
    })
    for (const url of ['http://10.0.0.1/', 'http://[::1]/', 'http://2130706434/']) {
      const adding = house.center.addWebhook({ ...ALICE, url })
      await expect(adding).rejects.toMatchObject({ code: 'WEBHOOK_TARGET_REFUSED' })
    }
  })
})

describe('the webhook of a conversion', () => {
  it('is told every step, signed with the secret of the person', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    await house.start()
    const conversion = await ended(house, 'done', { ownerId: 'alice', webhook: `${receiver.url}/mine` })
    await ended(house, 'done', { ownerId: 'alice' })
    await until('three came', () => (receiver.requests.length >= 3 ? true : undefined))
    await house.receiver.nextMail(ALICE.email, 2)
    const verifier = new Webhook(secretOfConversions(SECRET, 'alice'))
    for (const { body, headers } of receiver.requests) {
      expect(verifier.verify(body, headers)).toMatchObject({ data: { id: conversion.id } })
    }
    expect(receiver.requests).toHaveLength(3)
    expect(secretOfConversions(SECRET, 'bob')).not.toBe(secretOfConversions(SECRET, 'alice'))
  })
})

describe('a receiver that fails', () => {
  it('for two days: tried for about a day under the same id, later and later, then parked; sent again by hand', async () => {
    const house = await openHouse()
    const receiver = await openReceiver({ status: 503 })
    await house.center.addWebhook({ ...ALICE, url: receiver.url })
    const began = Date.now()
    let now = began
    await house.start({ now: () => now })
    await ended(house, 'done', { ownerId: 'alice' })
    for (let attempt = 1; attempt < 18; attempt++) {
      const put = await until1(house, 'queued', now - 1)
      expect(put.attempt).toBe(attempt)
      now = put.notBefore + 1
    }
    const parked = await until1(house, 'parked')
    expect(parked.reason).toBe('given up after 18 attempts: the receiver answered 503')
    expect(now - began).toBeGreaterThan(DAY / 4)
    now = began + 2 * DAY
    receiver.behave({})
    await house.notifications.replay(parked.id, now)
    await until1(house, 'sent')
    expect(receiver.requests).toHaveLength(19)
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    const [endpoint] = await house.notifications.webhooks.of('alice')
    expect(endpoint).toMatchObject({ enabled: true, failingSince: null })
  })

  it('for a week: is switched off, and its owner told by one mail; switched on again it is called', async () => {
    const house = await openHouse()
    const receiver = await openReceiver({ status: 500 })
    const { id } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    let now = Date.now()
    await house.start({ now: () => now })
    await ended(house, 'done', { ownerId: 'alice' })
    await until1(house, 'queued')
    now += 7 * DAY - 60_000
    await ended(house, 'done', { ownerId: 'alice' })
    await until('the second failed', () => (receiver.requests.length >= 3 ? true : undefined))
    expect(await house.notifications.webhooks.get(id)).toMatchObject({ enabled: true })
    now += 61_000
    await ended(house, 'done', { ownerId: 'alice' })
    await until('it is off', async () => {
      const webhook = await house.notifications.webhooks.get(id)
      return webhook?.enabled === false ? webhook : undefined
    })
    const about = () =>
      house.receiver.mailsTo(ALICE.email).filter(({ parsed }) => parsed.subject?.includes('webhook'))
    const [mail] = await until('a mail', () => (about().length > 0 ? about() : undefined))
    expect(mail?.parsed.text).toContain('It has failed for a week; the last time: the receiver answered 500')
    now += DAY
    await delay(300)
    expect(about()).toHaveLength(1)

    receiver.behave({})
    const before = receiver.requests.length
    await house.center.changeWebhook({ id, change: { enabled: true } })
    await ended(house, 'done', { ownerId: 'alice' })
    await until('it is called', () => (receiver.requests.length > before ? true : undefined))
  })

  it('with 410 is switched off at once', async () => {
    const house = await openHouse()
    const receiver = await openReceiver({ status: 410 })
    const { id } = await house.center.addWebhook({ ...ALICE, url: receiver.url })
    await house.start()
    await ended(house, 'done', { ownerId: 'alice' })
    await until1(house, 'parked')
    expect(await house.notifications.webhooks.get(id)).toMatchObject({
      enabled: false,
      disabledReason: 'The receiver answered 410: this webhook is gone.',
    })
    await ended(house, 'done', { ownerId: 'alice' })
    await house.receiver.nextMail(ALICE.email, 3)
    expect(receiver.requests).toHaveLength(1)
  })

  it('is left alone for as long as it asks', async () => {
    const house = await openHouse()
    const receiver = await openReceiver({ status: 429, headers: { 'retry-after': '3000' } })
    await house.center.addWebhook({ ...ALICE, url: receiver.url })
    await house.start()
    await ended(house, 'done', { ownerId: 'alice' })
    const put = await until1(house, 'queued')
    expect(put.notBefore - Date.now()).toBeGreaterThan(2_900_000)
  })

  it('by silence holds up neither mails nor the webhooks of others', async () => {
    const house = await openHouse()
    const [hole, bobs] = [await openReceiver({ silent: true }), await openReceiver()]
    for (let each = 0; each < 5; each++) await house.center.addWebhook({ ...ALICE, url: hole.url })
    await house.center.addWebhook({ person: 'bob', email: 'bob@example.com', url: bobs.url })
    await house.start()
    for (let each = 0; each < 4; each++) await ended(house, 'done', { ownerId: 'alice' })
    await until('the hole is called', () => (hole.requests.length >= 2 ? true : undefined))
    const began = performance.now()
    await ended(house, 'done', { ownerId: 'bob', ownerEmail: 'bob@example.com' })
    await bobs.next('a webhook for bob', () => true)
    await house.receiver.nextMail('bob@example.com')
    // Each call of the hole takes 2 s here, and twenty wait for it.
    expect(performance.now() - began).toBeLessThan(1_900)
    expect(hole.open).toBeLessThanOrEqual(2)
  })

  it('is told again with the same id when its service died between sending and writing it down', async () => {
    const house = await openHouse()
    const receiver = await openReceiver()
    await house.center.addWebhook({ ...ALICE, url: receiver.url })
    const settle = async () => {
      throw new Error('the process ends here')
    }
    const first = await house.start({ notifications: { ...house.notifications, settle } })
    await ended(house, 'done', { ownerId: 'alice' })
    await until('it came', () => receiver.requests[0])
    await first.stop(1_000)
    await house.start({ now: () => Date.now() + 3_600_000 })
    await until1(house, 'sent')
    expect(receiver.requests).toHaveLength(2)
    const [before, after] = receiver.requests
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id'])
    expect(after?.body).toBe(before?.body)
  })
})
