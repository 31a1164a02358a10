import { Webhook } from 'standardwebhooks'
import { expect } from 'vitest'
import {
  as,
  conversion,
  ended,
  expectStatus,
  formOf,
  newPerson,
  type Person,
  sendJson,
  upload,
} from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { openReceiver } from '../support/webhook-receiver.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer({ ALLOW_PRIVATE_WEBHOOKS: '127.0.0.0/8', LEASE: '3s' })
const EVENTS = ['conversion.queued', 'conversion.running', 'conversion.done', 'conversion.failed']
const UNKNOWN = '0123456789abcdef01234567'

interface Endpoint {
  readonly id: string
  readonly secret: string
}

async function addEndpoint(person: Person, url: string, events = EVENTS): Promise<Endpoint> {
  const answer = await sendJson(person, 'POST', '/v1/webhooks', { url, events })
  return JSON.parse(await expectStatus(answer, 201))
}

it('an endpoint is told every step, signed, and it stands in the deliveries', async ({ server, admin }) => {
  expect(admin.id).not.toBe('')
  const alice = await newPerson(server.url)
  const receiver = await openReceiver()
  const { id, secret } = await addEndpoint(alice, receiver.url)
  const { conversionId } = await upload(alice, await media('m4a'))
  const last = await receiver.next('conversion.done', ({ body }) => body.includes('"conversion.done"'))
  expect(new Webhook(secret).verify(last.body, last.headers)).toMatchObject({
    type: 'conversion.done',
    data: await conversion(alice, conversionId),
  })
  const types = receiver.requests.map(({ body }) => JSON.parse(body).type).toSorted()
  expect(types).toEqual(['conversion.done', 'conversion.queued', 'conversion.running'])
  const listed = await expectStatus(await as(alice, '/v1/deliveries?channel=webhook'), 200)
  expect(JSON.parse(listed).items).toMatchObject(
    Array.from({ length: 3 }, () => ({ channel: 'webhook', address: id, event: { conversionId } })),
  )
})

it('a conversion may bring its own webhook, signed with the secret of the person', async ({
  server,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const alice = await newPerson(server.url)
  const receiver = await openReceiver()
  const body = await formOf(await media('m4a'), { webhook: `${receiver.url}/one` })
  const answer = await as(alice, '/v1/conversions', { method: 'POST', body })
  const { id, source } = JSON.parse(await expectStatus(answer, 202))
  await ended(alice, id)
  const { secret } = JSON.parse(await expectStatus(await as(alice, '/v1/webhooks/secret'), 200))
  const done = await receiver.next('done', (request) => request.body.includes('"conversion.done"'))
  expect(new Webhook(secret).verify(done.body, done.headers)).toMatchObject({ data: { id } })

  const again = { fileId: source.id, format: 'wav', webhook: `${receiver.url}/two` }
  const second = JSON.parse(await expectStatus(await sendJson(alice, 'POST', '/v1/conversions', again), 202))
  const told = await receiver.next(
    'the second',
    (request) => request.path === '/two' && request.body.includes('"conversion.done"'),
  )
  expect(JSON.parse(told.body).data.id).toBe(second.id)
  const bad = await sendJson(alice, 'POST', '/v1/conversions', { ...again, webhook: 'ftp://x.y/' })
  expect(JSON.parse(await expectStatus(bad, 400)).code).toBe('WEBHOOK_URL_INVALID')
})

it('made, shown without its secret, changed, tested, its secret changed, removed', async ({ alice }) => {
  const receiver = await openReceiver()
  const { id, secret, ...shown } = await addEndpoint(alice, receiver.url, ['conversion.failed'])
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const path = `/v1/webhooks/${id}`
  expect(JSON.parse(await expectStatus(await as(alice, path), 200))).toEqual({ id, ...shown })
  const list = JSON.parse(await expectStatus(await as(alice, '/v1/webhooks'), 200))
  expect(list).toEqual({ items: [{ id, ...shown }], next: null })
  const off = await expectStatus(await sendJson(alice, 'PATCH', path, { enabled: false }), 200)
  expect(JSON.parse(off)).toEqual({ id, ...shown, enabled: false })
  await expectStatus(await sendJson(alice, 'PATCH', path, { enabled: true }), 200)
  await expectStatus(await sendJson(alice, 'PATCH', path, {}), 200)
  await expectStatus(await sendJson(alice, 'PATCH', path, { events: ['nothing'] }), 400)
  const fresh = JSON.parse(
    await expectStatus(await as(alice, `${path}/rotate-secret`, { method: 'POST' }), 200),
  )
  await expectStatus(await as(alice, `${path}/test`, { method: 'POST' }), 202)
  const ping = await receiver.next('a ping', ({ body }) => body.includes('"webhook.ping"'))
  for (const each of [secret, fresh.secret]) new Webhook(each).verify(ping.body, ping.headers)
  await expectStatus(await as(alice, path, { method: 'DELETE' }), 204)
  await expectStatus(await as(alice, path), 404)
})

it('no address inside that is not allowed, and no more than twenty', async ({ server, admin }) => {
  expect(admin.id).not.toBe('')
  const carol = await newPerson(server.url)
  const refused = await sendJson(carol, 'POST', '/v1/webhooks', { url: 'http://169.254.169.254/latest' })
  expect(JSON.parse(await expectStatus(refused, 422)).code).toBe('WEBHOOK_TARGET_REFUSED')
  const user = await sendJson(carol, 'POST', '/v1/webhooks', { url: 'http://u:p@example.com/' })
  expect(JSON.parse(await expectStatus(user, 400)).code).toBe('WEBHOOK_URL_INVALID')
  const adding = Array.from({ length: 30 }, () =>
    sendJson(carol, 'POST', '/v1/webhooks', { url: 'https://hooks.example.com/' }),
  )
  const statuses = (await Promise.all(adding)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(20)
  expect(statuses.filter((status) => status === 409)).toHaveLength(10)
})

it("another's endpoint looks like one that does not exist", async ({ alice, bob, server, admin }) => {
  const { id } = await addEndpoint(alice, 'https://hooks.example.com/')
  const change = JSON.stringify({ enabled: false })
  const headers = { 'content-type': 'application/json' }
  const told = async (at: string, [method, rest, body]: readonly [string, string, string?]) => {
    const init = { method, headers, ...(body ? { body } : {}) }
    const answer = await as(bob, `/v1/webhooks/${at}${rest}`, init)
    return `${answer.status} ${(await answer.text()).replace(/"requestId":"[^"]*"/, '')}`
  }
  for (const deed of [
    ['GET', ''],
    ['PATCH', '', change],
    ['DELETE', ''],
    ['POST', '/rotate-secret', '{}'],
    ['POST', '/test', '{}'],
  ] as const) {
    expect(await told(id, deed)).toBe(await told(UNKNOWN, deed))
    expect(await told(id, deed)).toMatch(/^404 .*WEBHOOK_NOT_FOUND/)
    const [method, rest] = deed
    expect((await fetch(`${server.url}/v1/webhooks/${id}${rest}`, { method })).status).toBe(401)
  }
  expect(JSON.parse(await expectStatus(await as(bob, '/v1/webhooks'), 200)).items).toEqual([])
  expect(JSON.parse(await expectStatus(await as(admin, `/v1/webhooks/${id}`), 200)).enabled).toBe(true)
  const secrets = await Promise.all(
    [alice, bob].map(async (person) => (await as(person, '/v1/webhooks/secret')).text()),
  )
  expect(new Set(secrets).size).toBe(2)
})

it('kill -9 while a receiver answers: it is told again, each event under one id', async ({
  server,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const dora = await newPerson(server.url)
  const receiver = await openReceiver({ silent: true })
  await addEndpoint(dora, receiver.url, ['conversion.done'])
  const { conversionId } = await upload(dora, await media('m4a'))
  await receiver.next('the first call', () => true)
  await server.kill()
  receiver.behave({})
  const again = await server.again()
  try {
    const before = receiver.requests.length
    const second = await receiver.next(
      'the second call',
      (request) => receiver.requests.indexOf(request) >= before,
    )
    expect(JSON.parse(second.body).data.id).toBe(conversionId)
    const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))
    expect(ids.size).toBe(1)
  } finally {
    await again.remove()
  }
})
