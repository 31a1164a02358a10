import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newId } from '../../src/kit/ids.ts'
import { deriveKey, sign } from '../../src/kit/signed.ts'
import type { GatewayParts } from '../../src/services/gateway/index.ts'
import { addressCode } from '../../src/services/notification/address-code.ts'
import { until } from '../support/wait.ts'
import { addResult, claim } from './add-result.ts'
import { bearer, blobsOf, form, type Opened, openGateway, SECRET } from './open-gateway.ts'

const UNKNOWN = '0123456789abcdef01234567'

/** A gateway, and how alice and bob call it. */
async function open(options: Parameters<typeof openGateway>[0] = {}) {
  const opened = await openGateway(options)
  const caller = (token: string) => async (method: string, path: string, body?: unknown) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${opened.url}/v1${path}`, {
      method,
      headers: { ...bearer(token), ...(body instanceof FormData ? {} : json) },
      body: body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    const isJson = text !== '' && answer.headers.get('content-type')?.includes('json')
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
  }
  const alice = caller(await opened.token('alice@example.com'))
  const bob = caller(await opened.token('bob@example.com'))
  return { opened, alice, bob, nobody: caller('') }
}

const video = () => form([['file', 'talk.mkv', 'video']])
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

it('makes accounts and sessions, and says who one is', async () => {
  const { nobody, opened } = await open()
  const carol = { email: 'carol@example.com', password: 'correct horse' }
  const made = await nobody('POST', '/users', carol)
  expect(made).toMatchObject({ status: 201, body: { email: carol.email } })
  expect(await nobody('POST', '/users', carol)).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } })
  expect(await nobody('POST', '/users', { ...carol, password: 'x' })).toMatchObject({
    status: 400,
    body: { code: 'PASSWORD_WEAK' },
  })
  const session = await nobody('POST', '/sessions', carol)
  expect(session.status).toBe(201)
  const me = await fetch(`${opened.url}/v1/me`, { headers: bearer(session.body.token) })
  expect(JSON.parse(await me.text())).toEqual({
    id: made.body.id,
    email: carol.email,
    admin: false,
    usage: { files: 0, bytes: 0 },
    quota: { files: null, bytes: null },
  })
  const wrong = await nobody('POST', '/sessions', { ...carol, password: 'no' })
  expect(wrong).toMatchObject({ status: 401, body: { code: 'CREDENTIALS_INVALID' } })
})

it('a conversion from form to result', async () => {
  const { opened, alice } = await open()
  const made = await alice(
    'POST',
    '/conversions',
    form([['x', 'talk.mkv', 'video']], { format: 'mp3', bitrate: '192k' }),
  )
  expect(made.status).toBe(202)
  expect(made.headers.get('location')).toBe(`/v1/conversions/${made.body.id}`)
  expect(made.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    state: 'queued',
    progress: 0,
    eta: null,
    attempt: 0,
    wish: { format: 'mp3', bitrate: 192_000, quality: null },
    source: { id: expect.any(String), name: 'talk.mkv', size: 5 },
    result: null,
    partial: false,
    warning: null,
    failure: null,
    createdAt: expect.stringMatching(ISO),
    startedAt: null,
    endedAt: null,
  })
  const result = await addResult(opened, await claim(opened), '0123456789')
  expect((await alice('GET', `/conversions/${made.body.id}`)).body).toMatchObject({
    state: 'done',
    progress: 1,
    result: { id: result.id, name: 'talk.mp3', size: 10, contentType: 'audio/mpeg', duration: 71 },
    endedAt: expect.stringMatching(ISO),
  })
  expect((await alice('GET', `/files/${result.id}`)).body).toEqual({
    id: result.id,
    name: 'talk.mp3',
    size: 10,
    contentType: 'audio/mpeg',
    format: 'mp3',
    duration: 71,
    sha256: result.sha256,
    kind: 'result',
    derivedFrom: made.body.source.id,
    createdAt: expect.stringMatching(ISO),
    expiresAt: null,
  })
  const content = await alice('GET', `/files/${result.id}/content`)
  expect(content).toMatchObject({ status: 200, body: '0123456789' })
  expect(content.headers.get('content-disposition')).toBe('attachment; filename=talk.mp3')
  for (const method of ['GET', 'POST']) {
    const link = await alice(method, `/files/${result.id}/link`)
    expect(link.body).toMatchObject({ expiresIn: 900 })
    expect(await (await fetch(link.body.url)).text()).toBe('0123456789')
  }
})

it('a conversion of a file that is there; a result is no source', async () => {
  const { opened, alice, bob } = await open()
  const { body } = await alice('POST', '/conversions', video())
  const result = await addResult(opened, await claim(opened), '0123456789')
  const fileId = body.source.id
  expect(await alice('POST', '/conversions', { fileId, bitrate: 192_000 })).toMatchObject({
    status: 202,
    body: { wish: { bitrate: 192_000 }, source: { id: fileId } },
  })
  expect(await alice('POST', '/conversions', { fileId, bitrate: '96k' })).toMatchObject({
    status: 202,
    body: { wish: { bitrate: 96_000 } },
  })
  expect(await alice('POST', '/conversions', { fileId, format: 'mp7' })).toMatchObject({
    status: 400,
    body: { code: 'WISH_INVALID' },
  })
  expect(await alice('POST', '/conversions', { fileId: result.id })).toMatchObject({
    status: 400,
    body: { code: 'REQUEST_INVALID', errors: [{ field: 'fileId' }] },
  })
  expect(await alice('POST', '/conversions', {})).toMatchObject({
    status: 400,
    body: { code: 'REQUEST_INVALID', errors: [{ field: 'fileId', text: expect.any(String) }] },
  })
  expect(await alice('POST', '/conversions')).toMatchObject({
    status: 400,
    body: { code: 'ONE_FILE_REQUIRED' },
  })
  expect(await bob('POST', '/conversions', { fileId })).toMatchObject({
    status: 404,
    body: { code: 'FILE_NOT_FOUND' },
  })
})

it('cancel and retry, and what they refuse', async () => {
  const { alice, opened } = await open()
  const { body } = await alice('POST', '/conversions', video())
  const path = `/conversions/${body.id}`
  expect(await alice('POST', `${path}/retry`)).toMatchObject({
    status: 409,
    body: { code: 'CONVERSION_NOT_RETRYABLE' },
  })
  expect(await alice('POST', `${path}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  expect(await alice('POST', `${path}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'CONVERSION_ENDED' },
  })
  const woken = new Promise((wake) =>
    opened.broker.subscribe('video', async ({ conversion_id }) => wake(conversion_id)),
  )
  expect(await alice('POST', `${path}/retry`)).toMatchObject({
    status: 202,
    body: { state: 'queued', attempt: 0 },
  })
  expect(await woken).toBe(body.id)
})

it('removes files, but not while they are in use', async () => {
  const { alice, opened } = await open()
  const { body } = await alice('POST', '/conversions', video())
  const path = `/files/${body.source.id}`
  expect(await alice('DELETE', path)).toMatchObject({ status: 409, body: { code: 'FILE_IN_USE' } })
  await alice('POST', `/conversions/${body.id}/cancel`)
  expect(await alice('DELETE', path)).toMatchObject({ status: 204, body: '' })
  expect(await alice('DELETE', path)).toMatchObject({ status: 404 })
  expect(await blobsOf(opened.dataDir)).toEqual([])
  expect((await alice('GET', `/conversions/${body.id}`)).body.source).toEqual({
    id: body.source.id,
    name: 'talk.mkv',
    size: 5,
  })
})

it("lists one's own, newest first, page by page", async () => {
  let now = Date.now()
  const { alice, bob } = await open({ wrap: () => ({ now: () => now }) })
  const ids: string[] = []
  for (let each = 0; each < 5; each++) {
    now += 1_000
    ids.unshift((await alice('POST', '/conversions', video())).body.id)
  }
  await bob('POST', '/conversions', video())
  const first = (await alice('GET', '/conversions?limit=2')).body
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2))
  const rest = (await alice('GET', `/conversions?limit=3&cursor=${first.next}`)).body
  expect(rest.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2))
  expect(rest.next).toBeNull()
  await alice('POST', `/conversions/${ids[3]}/cancel`)
  const cancelled = (await alice('GET', '/conversions?state=cancelled')).body
  expect(cancelled.items.map(({ id }: { id: string }) => id)).toEqual([ids[3]])
  const files = (await alice('GET', '/files?limit=4&kind=source')).body
  expect(files.items).toHaveLength(4)
  expect(files.next).toBe(files.items[3].id)
  expect((await alice('GET', '/files?kind=result')).body).toEqual({ items: [], next: null })
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=x', 'state=lost']) {
    expect(await alice('GET', `/conversions?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    })
  }
})

it("another's thing is answered like one that does not exist, on every route", async () => {
  const { opened, alice, bob, nobody } = await open()
  const { body } = await alice('POST', '/conversions', video())
  const result = await addResult(opened, await claim(opened), '0123456789')
  const { body: me } = await alice('GET', '/me')
  const delivery = await tellOf(opened, me.id)
  const routes = [
    ['POST', `/deliveries/${delivery}/replay`],
    ['GET', `/conversions/${body.id}`],
    ['GET', `/conversions/${body.id}/receipt`],
    ['POST', `/conversions/${body.id}/cancel`],
    ['POST', `/conversions/${body.id}/retry`],
    ['GET', `/files/${result.id}`],
    ['GET', `/files/${result.id}/content`],
    ['HEAD', `/files/${result.id}/content`],
    ['GET', `/files/${result.id}/link`],
    ['POST', `/files/${result.id}/link`],
    ['DELETE', `/files/${result.id}`],
  ] as const
  for (const [method, path] of routes) {
    const [others, unknown, malformed] = await Promise.all([
      bob(method, path),
      bob(method, path.replace(/[0-9a-f]{24}/, UNKNOWN)),
      bob(method, path.replace(/[0-9a-f]{24}/, 'x')),
    ])
    for (const answer of [others, unknown, malformed]) {
      expect({
        method,
        path,
        status: answer.status,
        body: method === 'HEAD' || { ...answer.body, requestId: '' },
      }).toEqual({
        method,
        path,
        status: 404,
        body: method === 'HEAD' || { ...unknown.body, requestId: '' },
      })
    }
    expect((await nobody(method, path)).status).toBe(401)
  }
})

/** A delivery that concerns this person and was sent. */
async function tellOf({ notifications }: Opened, person: string): Promise<string> {
  const told = { id: newId(), type: 'webhook.disabled', person, requestId: null, createdAt: 0 } as const
  const event = { ...told, webhookId: '65f0c2a1b3d4e5f600000009', url: 'https://x.y', reason: 'gone' }
  const id = newId()
  await notifications.enqueue([{ id, event, channel: 'email', address: 'alice@example.com' }], 0)
  const hold = await notifications.claim({ channel: 'email', now: 1, leaseMs: 1 })
  await notifications.settle(hold ?? { id: '', fence: 0 }, { state: 'sent' }, 2)
  return id
}

it("deliveries: one's own, filtered, and sent anew; an administrator sees all", async () => {
  const { opened, alice, bob, nobody } = await open()
  const { body: me } = await alice('GET', '/me')
  const [older, newer] = [await tellOf(opened, me.id), await tellOf(opened, me.id)].toSorted()
  const first = await alice('GET', '/deliveries?limit=1')
  expect(first.body.items).toEqual([
    {
      id: newer,
      channel: 'email',
      address: 'alice@example.com',
      event: { type: 'webhook.disabled', conversionId: null },
      state: 'sent',
      attempts: 1,
      reason: null,
      createdAt: expect.stringMatching(ISO),
      endedAt: expect.stringMatching(ISO),
      nextAttemptAt: null,
    },
  ])
  const second = await alice('GET', `/deliveries?cursor=${first.body.next}`)
  expect(second.body).toMatchObject({ items: [{ id: older }], next: null })
  expect((await alice('GET', '/deliveries?state=parked')).body.items).toEqual([])
  expect((await alice('GET', '/deliveries?channel=email&state=sent')).body.items).toHaveLength(2)
  expect((await alice('GET', '/deliveries?state=lost')).status).toBe(400)
  expect((await bob('GET', '/deliveries')).body).toEqual({ items: [], next: null })
  expect((await nobody('GET', '/deliveries')).status).toBe(401)

  const login = { ...opened.admin, address: '127.0.0.1' }
  const admin = bearer(await opened.identity.login(login, 'basic'))
  const all = await fetch(`${opened.url}/v1/deliveries`, { headers: admin })
  expect(JSON.parse(await all.text()).items).toHaveLength(2)

  const replayed = await alice('POST', `/deliveries/${older}/replay`)
  expect(replayed).toMatchObject({ status: 202, body: { id: older, state: 'queued', attempts: 0 } })
  expect(replayed.body.nextAttemptAt).toMatch(ISO)
  const again = await alice('POST', `/deliveries/${older}/replay`)
  expect(again).toMatchObject({ status: 409, body: { code: 'DELIVERY_UNDER_WAY' } })
  const others = { method: 'POST', headers: admin }
  expect((await fetch(`${opened.url}/v1/deliveries/${newer}/replay`, others)).status).toBe(202)
})

it('an address of one’s own is proven by the code that goes to it', async () => {
  const { opened, alice, bob } = await open()
  const put = await alice('PUT', '/preferences', { email: { address: 'other@example.com' } })
  const login = { enabled: true, onlyFailures: false, address: 'alice@example.com' }
  expect(put.body.email).toEqual({ ...login, pending: 'other@example.com' })
  const [delivery] = await opened.notifications.deliveries({ limit: 1 })
  expect(delivery).toMatchObject({ channel: 'email', address: 'other@example.com', state: 'queued' })
  const { body: me } = await alice('GET', '/me')
  const [person, address] = [me.id, 'other@example.com']
  const code = addressCode(SECRET, { eventId: delivery?.event.id ?? '', person, channel: 'email', address })
  const confirm = (given: unknown) => alice('POST', '/preferences/email/confirm', { code: given })
  expect(await confirm('no')).toMatchObject({ status: 400, body: { code: 'CODE_WRONG' } })
  expect((await bob('POST', '/preferences/email/confirm', { code })).status).toBe(410)
  expect((await alice('POST', '/preferences/webhook/confirm', { code })).status).toBe(400)
  expect((await confirm(code)).body.email).toMatchObject({ address, pending: null })
  expect((await confirm(code)).status).toBe(410)
  const own = await alice('PUT', '/preferences', { email: { address: 'ALICE@example.com' } })
  expect(own.body.email).toEqual({ ...login, pending: null })
  const wrong = await alice('PUT', '/preferences', { sms: { address: '12' } })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'NUMBER_INVALID' } })
})

it('a new password: whether there is an account is not told, by answer nor by time', async () => {
  const slow = { ms: 0 }
  const wrap = ({ notificationCenter: center }: GatewayParts) => ({
    notificationCenter: center && {
      ...center,
      sendReset: async (asked: Parameters<typeof center.sendReset>[0]) => {
        await delay(slow.ms)
        return center.sendReset(asked)
      },
    },
  })
  const { opened, nobody } = await open({ wrap })
  slow.ms = 1_500
  const begun = Date.now()
  const known = await nobody('POST', '/password-resets', { email: 'ALICE@example.com' })
  const unknown = await nobody('POST', '/password-resets', { email: 'eve@example.com' })
  expect(Date.now() - begun).toBeLessThan(slow.ms)
  expect([known.status, known.body]).toEqual([202, ''])
  expect([unknown.status, unknown.body]).toEqual([202, ''])
  const delivery = await until(
    'the mail',
    async () => (await opened.notifications.deliveries({ limit: 9 }))[0],
  )
  expect(delivery).toMatchObject({ channel: 'email', address: 'alice@example.com' })
  const { event } = delivery
  if (event.type !== 'password.reset') throw new Error(event.type)
  expect(JSON.stringify(await opened.notifications.deliveries({ limit: 9 }))).not.toContain('eve@')

  const { stamp, until: end, person: userId } = event
  const token = sign(deriveKey(SECRET, 'password-reset'), { userId, stamp }, end)
  const confirm = (password: unknown) => nobody('POST', '/password-resets/confirm', { token, password })
  expect(await confirm('short')).toMatchObject({ status: 400, body: { code: 'PASSWORD_WEAK' } })

  const page = await fetch(`${opened.url}/reset?token=${token}`)
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await page.text()).toContain('<form method="post">')
  const post = (query: string, password = 'another horse') =>
    fetch(`${opened.url}/reset${query}`, { method: 'POST', body: new URLSearchParams({ password }) })
  for (const query of ['', '?token=x', `?token=${token}x`]) expect((await post(query)).status).toBe(403)
  expect((await post(`?token=${token}`)).status).toBe(200)
  expect((await post(`?token=${token}`)).status).toBe(403)
  expect(await confirm('third horse')).toMatchObject({ status: 403, body: { code: 'LINK_INVALID' } })
  const alice = (password: string) => nobody('POST', '/sessions', { email: 'alice@example.com', password })
  expect((await alice('another horse')).status).toBe(201)
  expect((await alice('correct horse')).status).toBe(401)
})

it('preferences, and the link in a mail that switches it off', async () => {
  const { opened, alice } = await open()
  const mails = async () => (await alice('GET', '/preferences')).body.email.enabled
  expect(await mails()).toBe(true)
  expect((await alice('PUT', '/preferences', { email: { enabled: false } })).body).toMatchObject({
    email: { enabled: false, onlyFailures: false },
    sms: { enabled: true },
  })
  expect(await mails()).toBe(false)
  expect((await alice('PUT', '/preferences', { email: { enabled: 'never' } })).status).toBe(400)
  await alice('PUT', '/preferences', { email: { enabled: true } })

  const { body: me } = await alice('GET', '/me')
  const token = sign(deriveKey('sarcasm', 'unsubscribe'), { person: me.id })
  const page = await fetch(`${opened.url}/unsubscribe?token=${token}`)
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(await page.text()).toContain('<form method="post">')
  expect(await mails()).toBe(true)
  const post = (query: string) =>
    fetch(`${opened.url}/unsubscribe${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
  expect((await post(`?token=${token}`)).status).toBe(200)
  expect(await mails()).toBe(false)
  for (const query of [
    '',
    '?token=x',
    `?token=${token}x`,
    `?token=${sign(deriveKey('sarcasm', 'link'), { person: me.id })}`,
  ]) {
    expect((await post(query)).status).toBe(403)
  }
})

it('without a broker there are no conversions', async () => {
  const { alice } = await open({ wrap: () => ({ broker: null }) })
  expect(await alice('POST', '/conversions', video())).toMatchObject({
    status: 503,
    body: { code: 'CONVERSIONS_OFF' },
  })
})

it('serves the receipt of what was done', async () => {
  const { opened, alice } = await open()
  const { body } = await alice('POST', '/conversions', video())
  const path = `/conversions/${body.id}/receipt`
  expect(await alice('GET', path)).toMatchObject({ status: 409, body: { code: 'CONVERSION_NOT_READY' } })
  await addResult(opened, await claim(opened), '0123456789')
  expect(await alice('GET', path)).toMatchObject({ status: 200, body: {} })
  const other = (await alice('POST', '/conversions', video())).body
  await alice('POST', `/conversions/${other.id}/cancel`)
  expect(await alice('GET', `/conversions/${other.id}/receipt`)).toMatchObject({
    status: 404,
    body: { code: 'RECEIPT_NOT_FOUND' },
  })
})

it('estimates a size; a form takes the whole wish', async () => {
  const { alice } = await open()
  const ask = (body: object) => alice('POST', '/conversions/estimate', body)
  expect(await ask({ duration: 600, bitrate: '64k' })).toMatchObject({
    status: 200,
    body: { duration: 600, bitrate: 64_000 },
  })
  expect(await ask({ duration: 600, size: '10KB' })).toMatchObject({
    status: 422,
    body: { code: 'WISH_UNMET' },
  })
  expect(await ask({ duration: 0 })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
  expect(await ask({})).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
  const wish = {
    size: '3MB',
    start: '1:30',
    end: '90.5',
    track: 'eng',
    loudness: '-16',
    title: '2001',
    cover: '0:42',
  }
  const made = await alice('POST', '/conversions', form([['x', 'talk.mkv', 'video']], wish))
  expect(made.body.wish).toEqual({
    ...{ format: 'mp3', bitrate: null, quality: null, size: 3 * 1024 ** 2, start: 90, end: 90.5 },
    ...{ track: 'eng', loudness: -16, title: '2001', cover: 42 },
  })
  const again = await alice('POST', '/conversions', {
    fileId: made.body.source.id,
    preset: 'speech',
    channels: 1,
    cover: 'drop',
  })
  expect(again).toMatchObject({
    status: 202,
    body: { wish: { preset: 'speech', channels: 1, cover: 'drop' } },
  })
})
