import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { present } from '../support/announce-absent.ts'
import { newPerson } from '../support/client.ts'
import { curl } from '../support/curl.ts'
import { freePort } from '../support/free-port.ts'
import { withServer } from '../support/with-server.ts'

const authPort = await freePort()
const auth = `http://127.0.0.1:${authPort}`
const it = withServer({ AUTH_PORT: `${authPort}`, RAW_UPLOAD_LIMIT: '1MB' })
const json = ['-H', 'Content-Type: application/json']

it.skipIf(!present('curl'))(
  'the four commands: register, login, upload, file, and the link opens without a token',
  async ({ server }) => {
    const pdf = Buffer.from('%PDF-1.7\nany bytes will do\n')
    await writeFile(join(server.dataDir, 'test.pdf'), pdf)
    const account = JSON.stringify({ email: 'test@example.com', password: 'secret-2026' })

    const registered = await curl(['-X', 'POST', `${auth}/register`, ...json, '-d', account])
    expect(JSON.parse(registered.out)).toEqual({
      message: 'User registered successfully',
      user: { id: expect.stringMatching(/^[0-9a-f]{24}$/), email: 'test@example.com' },
    })

    const { token } = JSON.parse((await curl(['-X', 'POST', `${auth}/login`, ...json, '-d', account])).out)
    const authorization = `Authorization: Bearer ${token}`

    const uploaded = await curl(
      [
        ...['-X', 'POST', `${server.url}/upload?filename=test.pdf`, '-H', authorization],
        ...['-H', 'Content-Type: application/octet-stream', '--data-binary', '@test.pdf'],
      ],
      server.dataDir,
    )
    const { fileId, s3Key, ...rest } = JSON.parse(uploaded.out)
    expect(rest).toEqual({ message: 'File uploaded' })
    const { user } = JSON.parse(registered.out)
    expect(s3Key).toMatch(new RegExp(`^${user.id}/\\d{13}-[0-9a-f]{12}-test\\.pdf$`))

    const link = await curl([`${server.url}/file/${fileId}`, '-H', authorization])
    const { url, expiresIn } = JSON.parse(link.out)
    expect(expiresIn).toBe(900)

    const opened = await fetch(url)
    expect(opened.status).toBe(200)
    expect(opened.headers.get('content-disposition')).toMatch(/filename="?test\.pdf/)
    expect(Buffer.from(await opened.arrayBuffer())).toEqual(pdf)
    expect((await fetch(`${url.slice(0, -2)}xx`)).status).toBe(403)
  },
)

it('a raw upload is no conversion unless asked; ?convert=mp3 asks', async ({ alice }) => {
  const upload = (query: string) =>
    fetch(`${alice.url}/upload?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alice.token}` },
      body: 'no video',
    })
  const list = async () => {
    const answer = await fetch(`${alice.url}/v1/conversions`, {
      headers: { authorization: `Bearer ${alice.token}` },
    })
    const { items }: { items: { source: { name: string } }[] } = JSON.parse(await answer.text())
    return items.map((item) => item.source.name)
  }
  expect((await upload('filename=notes.txt')).status).toBe(201)
  expect(await list()).toEqual([])
  expect((await upload('filename=asked.txt&convert=mp3')).status).toBe(201)
  expect(await list()).toEqual(['asked.txt'])
})

it('spaces in a name become _ in s3Key, the name itself stays', async ({ alice }) => {
  const headers = { authorization: `Bearer ${alice.token}`, 'x-filename': 'my long talk.bin' }
  const answer = await fetch(`${alice.url}/upload`, { method: 'POST', headers, body: 'x' })
  const { fileId, s3Key }: { fileId: string; s3Key: string } = JSON.parse(await answer.text())
  expect(s3Key).toMatch(/-my_long_talk\.bin$/)
  const file = await fetch(`${alice.url}/v1/files/${fileId}`, { headers })
  expect(JSON.parse(await file.text())).toMatchObject({ name: 'my long talk.bin', size: 1, kind: 'source' })
})

const REFUSALS: readonly {
  what: string
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
  status: number
  error: string
  /** true: with a valid token. */
  token?: true
}[] = [
  {
    what: 'register without a body',
    path: '/register',
    body: '{}',
    status: 400,
    error: 'Email and password are required',
  },
  {
    what: 'login with nothing',
    path: '/login',
    body: '{}',
    status: 400,
    error: 'Email and password are required',
  },
  {
    what: 'login with objects for strings',
    path: '/login',
    body: '{"email":{"$gt":""},"password":{"$gt":""}}',
    status: 400,
    error: 'Email and password are required',
  },
  {
    what: 'login of an unknown account',
    path: '/login',
    body: '{"email":"nobody@example.com","password":"wrong-2026"}',
    status: 401,
    error: 'Invalid Credentials',
  },
  {
    what: 'me without a header',
    method: 'GET',
    path: '/me',
    status: 401,
    error: 'Missing Authorization header',
  },
  {
    what: 'me with another scheme',
    method: 'GET',
    path: '/me',
    headers: { authorization: 'Basic abc' },
    status: 401,
    error: 'Invalid Authorization format',
  },
  {
    what: 'me with a bad token',
    method: 'GET',
    path: '/me',
    headers: { authorization: 'Bearer a.b.c' },
    status: 401,
    error: 'Invalid authentication token',
  },
  {
    what: 'raw upload without a token',
    path: '/upload?filename=a',
    body: 'x',
    status: 401,
    error: 'Missing or invalid Authorization header',
  },
  {
    what: 'raw upload with a bad token',
    path: '/upload?filename=a',
    headers: { authorization: 'Bearer a.b.c' },
    body: 'x',
    status: 401,
    error: 'Invalid or expired token',
  },
  {
    what: 'raw upload without a name',
    path: '/upload',
    token: true,
    body: 'x',
    status: 400,
    error: 'Missing filename. Use ?filename= or X-Filename.',
  },
  {
    what: 'raw upload without a body',
    path: '/upload?filename=a',
    token: true,
    status: 400,
    error: 'No file body found. Send raw binary.',
  },
  {
    what: 'raw upload over the limit',
    path: '/upload?filename=a',
    token: true,
    body: 'x'.repeat(1024 * 1024 + 1),
    status: 413,
    error: 'File too large. Max 1MB',
  },
  {
    what: 'file with an unknown id',
    method: 'GET',
    path: '/file/0123456789abcdef01234567',
    token: true,
    status: 404,
    error: 'File not found',
  },
  {
    what: 'file with a malformed id',
    method: 'GET',
    path: '/file/..%2F..%2Fetc',
    token: true,
    status: 404,
    error: 'File not found',
  },
  {
    what: 'file without a token',
    method: 'GET',
    path: '/file/0123456789abcdef01234567',
    status: 401,
    error: 'Missing or invalid Authorization header',
  },
]

for (const { what, path, method = 'POST', headers = {}, body, status, error, token } of REFUSALS) {
  it(`refuses: ${what}`, async ({ alice }) => {
    const type = /register|login/.test(path) ? 'application/json' : 'application/octet-stream'
    const answer = await fetch(`${alice.url}${path}`, {
      method,
      headers: {
        ...(method === 'POST' ? { 'content-type': type } : {}),
        ...(token ? { authorization: `Bearer ${alice.token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    expect({ status: answer.status, body: JSON.parse(await answer.text()) }).toEqual({
      status,
      body: { error },
    })
  })
}

it('one e-mail address, one account, without regard to case and also when two come at once', async ({
  server,
}) => {
  const register = (email: string) =>
    fetch(`${server.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'correct horse battery' }),
    })
  const answers = await Promise.all(
    ['Twin@example.com', 'twin@example.com', 'TWIN@EXAMPLE.COM'].map(register),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409])
  const refused = answers.find((answer) => answer.status === 409)
  expect(JSON.parse((await refused?.text()) ?? '')).toEqual({ error: 'Email already registered' })
})

it('weak passwords are refused with the rule, wrong addresses too', async ({ server }) => {
  const register = async (email: string, password: string) => {
    const answer = await fetch(`${server.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    const { error }: { error: string } = JSON.parse(await answer.text())
    return `${answer.status} ${error}`
  }
  expect(await register('weak@example.com', 'short')).toMatch(/^400 .*8 to 256/)
  expect(await register('weak@example.com', 'password1')).toMatch(/^400 .*common/)
  expect(await register('no address', 'correct horse battery')).toMatch(/^400 .*e-?mail/i)
})

it('GET /me answers who one is, on both ports', async ({ server }) => {
  const carol = await newPerson(server.url)
  for (const url of [auth, server.url]) {
    const answer = await fetch(`${url}/me`, { headers: { authorization: `bearer ${carol.token}` } })
    expect(JSON.parse(await answer.text())).toEqual({ userId: carol.id, email: carol.email })
  }
})

it('answers browsers of other origins, without credentials', async ({ server }) => {
  const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' }
  const answer = await fetch(`${server.url}/v1/conversions`, { method: 'OPTIONS', headers })
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
})
