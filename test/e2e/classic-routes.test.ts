import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { as, basic, bearer, converted, formOf, type Person, upload } from '../support/client.ts'
import { fileOf, longWav, media } from '../support/make-media.ts'
import { withServer } from '../support/with-server.ts'

const SECRET = 'a secret of the originals'
const it = withServer({ JWT_SECRET: SECRET, UPLOAD_LIMIT: '4MB' })

/** What `fetch` got: enough to compare byte for byte. */
async function told(answer: Response) {
  return { status: answer.status, body: await answer.text() }
}

function jwt(claims: object, secret = SECRET, header: object = { typ: 'JWT', alg: 'HS256' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part(header)}.${part(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}
const soon = () => Math.floor(Date.now() / 1000) + 600

it('login: wrong password and unknown account are answered alike, a missing header otherwise', async ({
  alice,
}) => {
  const login = async (headers: Record<string, string>) =>
    told(await fetch(`${alice.url}/login`, { method: 'POST', headers }))
  const invalid = { status: 401, body: 'invalid credentials' }
  const missing = { status: 401, body: 'missing credentials' }
  expect(await login({ authorization: basic(alice.email, 'wrong') })).toEqual(invalid)
  expect(await login({ authorization: basic('nobody@example.com', 'wrong') })).toEqual(invalid)
  expect(await login({})).toEqual(missing)
  expect(await login({ authorization: 'nonsense' })).toEqual(missing)
})

it('the token of a login bears the claims in their order, for 24 hours', async ({ alice }) => {
  const [header = '', claims = ''] = alice.token.split('.')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'HS256' })
  const said: { exp: number; iat: number } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  expect(Object.keys(said)).toEqual(['username', 'exp', 'iat', 'admin', 'sub', 'userId', 'email'])
  expect(said).toMatchObject({ username: alice.email, admin: false, sub: alice.id, email: alice.email })
  expect(said.exp - said.iat).toBe(24 * 3600)
})

it('validate answers the claims, or 403, or 401', async ({ alice }) => {
  const validate = (headers: Record<string, string>) =>
    fetch(`${alice.url}/validate`, { method: 'POST', headers })
  const good = await validate(bearer(alice))
  expect(good.headers.get('content-type')).toMatch(/^application\/json/)
  expect(JSON.parse((await told(good)).body)).toMatchObject({ username: alice.email, admin: false })
  expect(await told(await validate({ authorization: 'Bearer x.y.z' }))).toEqual({
    status: 403,
    body: 'not authorized',
  })
  expect(await told(await validate({}))).toEqual({ status: 401, body: 'missing credentials' })
})

it('a token of the originals is taken, its admin claim is not believed', async ({ alice, admin }) => {
  const iat = soon() - 700
  const validate = async (token: string) =>
    told(
      await fetch(`${alice.url}/validate`, { method: 'POST', headers: { authorization: `Bearer ${token}` } }),
    )
  const classic = await validate(jwt({ username: alice.email, exp: soon(), iat, admin: true }))
  expect(JSON.parse(classic.body)).toMatchObject({ username: alice.email, admin: false })
  const stranger = await validate(jwt({ username: 'stranger@example.com', exp: soon(), iat, admin: true }))
  expect(JSON.parse(stranger.body)).toMatchObject({ username: 'stranger@example.com', admin: false })
  const pair = await validate(jwt({ userId: admin.id, email: admin.email, iat, exp: soon() }))
  expect(JSON.parse(pair.body)).toMatchObject({ username: admin.email, admin: true })
})

it('a forged, unsigned or expired token is refused', async ({ alice }) => {
  const claims = { username: alice.email, exp: soon(), iat: 1, admin: true }
  const refused = { status: 403, body: 'not authorized' }
  const none = `${jwt(claims, SECRET, { typ: 'JWT', alg: 'none' }).split('.').slice(0, 2).join('.')}.`
  for (const token of [
    jwt(claims, 'another secret'),
    none,
    jwt({ ...claims, exp: 100 }),
    `${alice.token}x`,
  ]) {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${alice.url}/upload`, { method: 'POST', headers, body: new FormData() })
    expect(await told(answer)).toEqual(refused)
  }
})

it('upload tells its ids in headers and success! in its body', async ({ alice }) => {
  const answer = await as(alice, '/upload', { method: 'POST', body: await formOf(await media('m4a')) })
  const id = answer.headers.get('x-conversion-id')
  expect(id).toMatch(/^[0-9a-f]{24}$/)
  expect(answer.headers.get('location')).toBe(`/v1/conversions/${id}`)
  expect(answer.headers.get('x-file-id')).toMatch(/^[0-9a-f]{24}$/)
  expect(await told(answer)).toEqual({ status: 200, body: 'success!' })
})

it('upload refuses what it must and stores nothing of it', async ({ bob }) => {
  const path = await media('m4a')
  const file = new Blob([await readFile(path)])
  const post = async (body: FormData, headers: Record<string, string>, query = '') =>
    told(await fetch(`${bob.url}/upload${query}`, { method: 'POST', headers, body }))
  const form = (...names: string[]) => {
    const made = new FormData()
    for (const name of names) made.append(name, file, 'talk.m4a')
    return made
  }
  const one = { status: 400, body: 'exactly 1 file required' }
  expect(await post(form('file'), {})).toEqual({ status: 401, body: 'missing credentials' })
  expect(await post(form('file'), { authorization: bob.token })).toEqual({
    status: 401,
    body: 'missing credentials',
  })
  expect(await post(form('file'), { authorization: 'Bearer x' })).toEqual({
    status: 403,
    body: 'not authorized',
  })
  expect(await post(form(), bearer(bob))).toEqual(one)
  expect(await post(form('a', 'b'), bearer(bob))).toEqual(one)
  expect(await post(form('same', 'same'), bearer(bob))).toEqual(one)
  const wish = await post(form('file'), bearer(bob), '?format=mp7')
  expect(wish).toEqual({
    status: 400,
    body: "unknown format 'mp7', known are mp3, m4a, opus, ogg, flac, wav",
  })
  const large = new FormData()
  large.set('file', new Blob([new Uint8Array(4 * 1024 * 1024 + 1)]), 'large.mkv')
  expect(await post(large, bearer(bob))).toEqual({ status: 413, body: 'file too large' })

  const files = await as(bob, '/v1/files')
  expect(JSON.parse(await files.text())).toMatchObject({ items: [] })
  const conversions = await as(bob, '/v1/conversions')
  expect(JSON.parse(await conversions.text())).toMatchObject({ items: [] })
})

it('any field name, the wish in the query, the name in ?filename=', async ({ alice }) => {
  const form = new FormData()
  form.set('whatever', new Blob([await readFile(await media('m4a'))]), 'original.m4a')
  const answer = await as(alice, '/upload?format=wav&filename=renamed.m4a', { method: 'POST', body: form })
  const made = await as(alice, answer.headers.get('location') ?? '')
  expect(JSON.parse(await made.text())).toMatchObject({
    wish: { format: 'wav' },
    source: { name: 'renamed.m4a' },
  })
})

it('download tells 400, 404, 409 and 410 apart', async ({ alice }) => {
  const get = async (person: Person, query: string) => told(await as(person, `/download${query}`))
  expect(await get(alice, '')).toEqual({ status: 400, body: 'fid is required' })
  expect(await get(alice, '?fid=xyz')).toEqual({ status: 400, body: 'fid is malformed' })
  expect(await get(alice, '?fid=0123456789abcdef01234567')).toEqual({ status: 404, body: 'file not found' })
  const failed = await converted(alice, await fileOf('empty.mkv', ''))
  const gone = await get(alice, `?fid=${failed.id}`)
  expect(gone.status).toBe(410)
  expect(gone.body).toMatch(/^conversion failed: ./)
  expect(await told(await fetch(`${alice.url}/download?fid=1`))).toEqual({
    status: 401,
    body: 'missing credentials',
  })
})

it('ten failed logins lock the account for a while, known or not, and say so', async ({ server }) => {
  const attempt = () =>
    fetch(`${server.url}/login`, {
      method: 'POST',
      headers: { authorization: basic('locked@example.com', 'no') },
    })
  for (let turn = 0; turn < 10; turn++) expect((await attempt()).status).toBe(401)
  const locked = await attempt()
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await told(locked)).toEqual({ status: 429, body: 'too many attempts' })
})

it('a conversion that runs is not ready', async ({ alice }) => {
  const { conversionId } = await upload(alice, await longWav(8))
  const answer = await as(alice, `/download?fid=${conversionId}`)
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await told(answer)).toEqual({ status: 409, body: 'not ready' })
})
