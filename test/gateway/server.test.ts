import { pino } from 'pino'
import { expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { bearer, form, openGateway, told } from './open-gateway.ts'

it('every answer bears security headers and a request id', async () => {
  const { url } = await openGateway({ settings: { trustProxy: ['127.0.0.1'] } })
  const answer = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'a b\u00e4' } })
  expect(await told(answer)).toEqual({ status: 200, body: '{"status":"ok"}' })
  const headers = Object.fromEntries(answer.headers)
  expect(headers['x-request-id']).toMatch(/^[0-9a-f]{24}$/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['strict-transport-security']).toBeUndefined()
  const secure = await fetch(`${url}/healthz`, { headers: { 'x-forwarded-proto': 'https' } })
  expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=/)
})

it('answers other origins without credentials, also when it refuses', async () => {
  const { url } = await openGateway()
  const origin = 'https://elsewhere.example'
  const preflight = await fetch(`${url}/v1/conversions`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')
  const refused = await fetch(`${url}/v1/me`, { headers: { origin } })
  expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  expect(refused.headers.get('access-control-allow-credentials')).toBeNull()
})

it('errors of /v1 are problem+json, and malformed requests have codes', async () => {
  const { url } = await openGateway()
  const post = async (body: string, type = 'application/json', path = '/v1/users') => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: JSON.parse(await answer.text()),
    }
  }
  expect(await post('{')).toEqual({
    status: 400,
    type: 'application/problem+json',
    body: {
      type: 'urn:soundlift:error:request-invalid',
      title: 'The request is malformed.',
      status: 400,
      detail: 'The request is malformed.',
      code: 'REQUEST_INVALID',
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
    },
  })
  const code = async (...given: Parameters<typeof post>) => (await post(...given)).body.code
  expect(await code('')).toBe('REQUEST_INVALID')
  expect(await code('[]')).toBe('REQUEST_INVALID')
  expect(await code('{"__proto__":{}}')).toBe('REQUEST_INVALID')
  expect(await code(`"${'x'.repeat(17_000)}"`)).toBe('REQUEST_TOO_LARGE')
  expect(await code('x', 'text/csv')).toBe('CONTENT_TYPE_UNSUPPORTED')
  expect(await code('x', 'nonsense')).toBe('CONTENT_TYPE_UNSUPPORTED')
  expect(await code('{}', 'application/json', '/v1/nothing')).toBe('ROUTE_NOT_FOUND')
  expect(await code('{}', 'application/json', '/%zz')).toBe('REQUEST_INVALID')
  expect((await post('{"email":1}')).body.errors).toContainEqual({
    field: 'password',
    text: expect.any(String),
  })
})

it('the account routes refuse in the words of their family', async () => {
  const { url, admin } = await openGateway()
  const login = async (headers: Record<string, string>, body: string | null = null) =>
    told(await fetch(`${url}/login`, { method: 'POST', headers, body }))
  const basic = (text: string) => ({ authorization: `basic   ${Buffer.from(text).toString('base64')}` })
  const missing = { status: 401, body: 'missing credentials' }
  const invalid = { status: 401, body: 'invalid credentials' }
  expect(await login({})).toEqual(missing)
  expect(await login({ authorization: 'nonsense' })).toEqual(missing)
  expect(await login({ authorization: 'Bearer x' })).toEqual(missing)
  expect(await login({ authorization: 'Basic' })).toEqual(missing)
  expect(await login(basic('no colon'))).toEqual(missing)
  expect(await login(basic('nobody@example.com:x'))).toEqual(invalid)
  expect(await login(basic(`${admin.email}:`))).toEqual(invalid)
  const token = await login(
    { ...basic(`${admin.email}:${admin.password}`), 'content-type': 'text/csv' },
    'ignored',
  )
  expect(token).toEqual({ status: 200, body: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) })

  const json = { 'content-type': 'Application/JSON; charset=utf-8' }
  const required = { status: 400, body: '{"error":"Email and password are required"}' }
  for (const body of [
    '{}',
    '',
    'null',
    '[]',
    '{"email":{"$gt":""},"password":{"$gt":""}}',
    '{"email":"a@b.c"}',
  ]) {
    expect(await login(json, body)).toEqual(required)
  }
  const wrong = JSON.stringify({ email: 'nobody@example.com', password: 'x' })
  expect(await login(json, wrong)).toEqual({ status: 401, body: '{"error":"Invalid Credentials"}' })
  expect(await login({ ...json, ...basic(`${admin.email}:${admin.password}`) }, '{')).toEqual({
    status: 400,
    body: '{"error":"The request is malformed."}',
  })

  const me = async (headers: Record<string, string>) => told(await fetch(`${url}/me`, { headers }))
  const refusal = (error: string) => ({ status: 401, body: JSON.stringify({ error }) })
  expect(await me({})).toEqual(refusal('Missing Authorization header'))
  expect(await me({ authorization: 'x' })).toEqual(refusal('Invalid Authorization format'))
  expect(await me(bearer('x'))).toEqual(refusal('Invalid authentication token'))
  const validate = async (headers: Record<string, string>) =>
    told(await fetch(`${url}/validate`, { method: 'POST', headers, body: 'ignored' }))
  expect(await validate({})).toEqual(missing)
  expect(await validate({ authorization: 'x' })).toEqual(missing)
  expect(await validate(bearer('x'))).toEqual({ status: 403, body: 'not authorized' })
  const claims = await validate(bearer(token.body))
  expect(Object.keys(JSON.parse(claims.body))).toEqual([
    'username',
    'exp',
    'iat',
    'admin',
    'sub',
    'userId',
    'email',
  ])
})

it('an expired token is told on /me alone', async () => {
  const { url, admin, identity } = await openGateway()
  const token = await identity.login({ ...admin, address: '::1' }, 'json')
  const expired: typeof identity.claims = () => Promise.reject(new AppError('TOKEN_EXPIRED'))
  const late = await openGateway({ wrap: (parts) => ({ identity: { ...parts.identity, claims: expired } }) })
  expect((await fetch(`${url}/me`, { headers: bearer(token) })).status).toBe(200)
  const headers = bearer(token)
  expect(await told(await fetch(`${late.url}/me`, { headers }))).toEqual({
    status: 401,
    body: '{"error":"Token has expired. Please log in again."}',
  })
  expect(await told(await fetch(`${late.url}/download`, { headers }))).toEqual({
    status: 403,
    body: 'not authorized',
  })
  expect((await fetch(`${late.url}/v1/me`, { headers })).status).toBe(401)
})

it('what goes wrong inside is told by its code alone; the cause is in the log, secrets are not', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const boom = () => Promise.reject(new Error('connection to db-17 refused'))
  const { url, token } = await openGateway({
    logger,
    wrap: ({ library }) => ({ library: { ...library, file: boom } }),
  })
  const alice = await token('alice@example.com')
  const answer = await fetch(`${url}/download?fid=0123456789abcdef01234567&access_token=${alice}`, {
    headers: { ...bearer(alice), 'x-request-id': 'find-me' },
  })
  expect(await told(answer)).toEqual({ status: 500, body: 'internal server error' })
  await fetch(`${url}/unsubscribe?token=${alice}`)
  await fetch(`${url}/nothing/${alice}`)
  await fetch(`${url}/login`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('a@b.c:correct horse')}` },
  })
  await fetch(`${url}/upload`, { method: 'POST', headers: bearer(alice), body: form([['f', 'a', 'x']]) })
  await expect.poll(() => lines.length).toBeGreaterThan(5)
  const entries = lines.map((line) => JSON.parse(line))
  expect(entries).toContainEqual(
    expect.objectContaining({
      requestId: 'find-me',
      code: 'INTERNAL',
      err: expect.objectContaining({ message: 'connection to db-17 refused' }),
    }),
  )
  expect(entries).toContainEqual(
    expect.objectContaining({
      requestId: 'find-me',
      msg: 'request',
      method: 'GET',
      route: '/download',
      status: 500,
      userId: expect.any(String),
      ms: expect.any(Number),
    }),
  )
  expect(lines.join('')).not.toContain(alice)
  expect(lines.join('')).not.toMatch(/correct horse|Y29ycmVjdCBob3JzZQ/)
})

it('/readyz names what is missing; broker and a sleeping auth that once answered do not turn it off', async () => {
  const down = { auth: false, library: false }
  const failing = (part: keyof typeof down, ping: () => Promise<void>) => () =>
    down[part] ? Promise.reject(new AppError('SERVICE_UNAVAILABLE')) : ping()
  const { url } = await openGateway({
    wrap: ({ identity, library, broker }) => ({
      identity: { ...identity, ping: failing('auth', identity.ping) },
      library: { ...library, ping: failing('library', () => library.ping()) },
      broker: broker && { ...broker, connected: false },
    }),
  })
  const ready = async () => {
    const answer = await fetch(`${url}/readyz`)
    return { status: answer.status, ...JSON.parse(await answer.text()) }
  }
  down.auth = true
  expect(await ready()).toMatchObject({
    status: 'not ready',
    checks: { auth: 'down', library: 'ok', blobs: 'ok', broker: 'down' },
  })
  down.auth = false
  expect(await ready()).toMatchObject({ status: 'ready', checks: { auth: 'ok' } })
  down.auth = true
  expect(await ready()).toMatchObject({ status: 'ready', checks: { auth: 'ok', broker: 'down' } })
  down.library = true
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})
