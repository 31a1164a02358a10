import { expect, it } from 'vitest'
import { deriveKey, sign } from '../../src/kit/signed.ts'
import { addResult, claim } from './add-result.ts'
import { bearer, blobsOf, form, openGateway } from './open-gateway.ts'

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
  expect(JSON.parse(await me.text())).toEqual({ id: made.body.id, email: carol.email, admin: false })
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
  const routes = [
    ['GET', `/conversions/${body.id}`],
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

it('preferences, and the link in a mail that switches it off', async () => {
  const { opened, alice } = await open()
  expect((await alice('GET', '/preferences')).body).toEqual({ email: { enabled: true } })
  expect((await alice('PUT', '/preferences', { email: { enabled: false } })).body).toEqual({
    email: { enabled: false },
  })
  expect((await alice('GET', '/preferences')).body).toEqual({ email: { enabled: false } })
  expect((await alice('PUT', '/preferences', { email: {} })).status).toBe(400)
  await alice('PUT', '/preferences', { email: { enabled: true } })

  const { body: me } = await alice('GET', '/me')
  const token = sign(deriveKey('sarcasm', 'unsubscribe'), { person: me.id })
  const page = await fetch(`${opened.url}/unsubscribe?token=${token}`)
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(await page.text()).toContain('<form method="post">')
  expect((await alice('GET', '/preferences')).body).toEqual({ email: { enabled: true } })
  const post = (query: string) =>
    fetch(`${opened.url}/unsubscribe${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
  expect((await post(`?token=${token}`)).status).toBe(200)
  expect((await alice('GET', '/preferences')).body).toEqual({ email: { enabled: false } })
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
