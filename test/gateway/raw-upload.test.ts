import { expect, it } from 'vitest'
import { bearer, blobsOf, openGateway, told } from './open-gateway.ts'

const refusal = (status: number, error: string) => ({ status, body: JSON.stringify({ error }) })

it('keeps a raw body of any content type under a key that begins with its owner', async () => {
  const { url, token, library, blobs, identity } = await openGateway()
  const alice = await token('alice@example.com')
  const { userId } = await identity.claims(alice)
  for (const type of [
    'application/octet-stream',
    'application/json',
    'text/plain',
    'application/pdf; a=b',
    'odd',
  ]) {
    const answer = await fetch(`${url}/upload?filename=my%20test.pdf`, {
      method: 'POST',
      headers: { ...bearer(alice), 'content-type': type },
      body: '{not json',
    })
    const body: Record<string, string> = JSON.parse(await answer.text())
    expect(answer.status).toBe(201)
    expect(Object.keys(body)).toEqual(['message', 'fileId', 's3Key'])
    expect(body['message']).toBe('File uploaded')
    expect(body['s3Key']).toMatch(new RegExp(`^${userId}/\\d{13}-[0-9a-f]{12}-my_test\\.pdf$`))
    expect(await library.file(body['fileId'] ?? '')).toMatchObject({
      name: 'my test.pdf',
      blobKey: body['s3Key'],
    })
    expect(await blobs.source.size(body['s3Key'] ?? '')).toBe(9)
  }
  expect(await library.conversions({ limit: 9 })).toEqual([])
})

it('takes the name from X-Filename too, in UTF-8, and only its last part', async () => {
  const { url, token, library } = await openGateway()
  const name = Buffer.from('../../tälk.mkv').toString('latin1')
  const headers = { ...bearer(await token('alice@example.com')), 'x-filename': name }
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers, body: 'x' })
  const { fileId } = JSON.parse(await answer.text())
  expect((await library.file(fileId))?.name).toBe('tälk.mkv')
})

it('converts when asked', async () => {
  const { url, token, library } = await openGateway()
  const headers = bearer(await token('alice@example.com'))
  const post = (query: string) =>
    fetch(`${url}/upload?filename=a&${query}`, { method: 'POST', headers, body: 'x' })
  const answer = await post('convert=mp3&bitrate=192k')
  const id = answer.headers.get('x-conversion-id') ?? ''
  expect((await library.conversion(id))?.wish).toEqual({ format: 'mp3', bitrate: 192_000 })
  expect(await told(await post('convert=mp7'))).toMatchObject({
    status: 400,
    body: expect.stringContaining('unknown format'),
  })
})

it('refuses in JSON, and nothing of what it refused stays', async () => {
  const { url, token, dataDir } = await openGateway({ settings: { rawUploadLimit: 1024 ** 2 } })
  const alice = bearer(await token('alice@example.com'))
  const post = async (query: string, headers: Record<string, string>, body?: string | ReadableStream) =>
    told(
      await fetch(`${url}/upload${query}`, { method: 'POST', headers, body: body ?? null, duplex: 'half' }),
    )
  const noAuth = refusal(401, 'Missing or invalid Authorization header')
  const badToken = refusal(401, 'Invalid or expired token')
  const empty = refusal(400, 'No file body found. Send raw binary.')
  const large = refusal(413, 'File too large. Max 1MB')
  const stream = (bytes: number) => new Blob(['x'.repeat(bytes)]).stream()

  expect(await post('?filename=a', {}, 'x')).toEqual(noAuth)
  expect(await post('?filename=a', { authorization: 'nonsense' }, 'x')).toEqual(noAuth)
  expect(await post('?filename=a', { authorization: 'Bearer a.b.c' }, 'x')).toEqual(badToken)
  expect(await post('', alice, 'x')).toEqual(refusal(400, 'Missing filename. Use ?filename= or X-Filename.'))
  expect(await post('?filename=a', alice)).toEqual(empty)
  expect(await post('?filename=a', alice, stream(0))).toEqual(empty)
  expect(await post('?filename=a', alice, 'x'.repeat(1024 ** 2 + 1))).toEqual(large)
  expect(await post('?filename=a', alice, stream(1024 ** 2 + 1))).toEqual(large)
  expect((await post('?filename=a', alice, stream(1024 ** 2))).status).toBe(201)
  expect(await blobsOf(dataDir)).toHaveLength(1)
})

it('without a broker raw files are kept, and only their conversion is refused', async () => {
  const { url, token } = await openGateway({ wrap: () => ({ broker: null }) })
  const headers = bearer(await token('alice@example.com'))
  const post = (query: string) =>
    fetch(`${url}/upload?filename=a${query}`, { method: 'POST', headers, body: 'x' })
  expect((await post('')).status).toBe(201)
  expect((await post('&convert=mp3')).status).toBe(503)
})

it('GET /file/:id gives a link that opens without a token, under the own name of the file', async () => {
  const { url, token, admin, identity } = await openGateway()
  const alice = bearer(await token('alice@example.com'))
  const bob = bearer(await token('bob@example.com'))
  const root = bearer(await identity.login({ ...admin, address: '::1' }, 'json'))
  const posted = await fetch(`${url}/upload?filename=a%20%E2%82%AC%22.txt`, {
    method: 'POST',
    headers: alice,
    body: 'hello',
  })
  const { fileId } = JSON.parse(await posted.text())
  const get = async (id: string, headers: Record<string, string>) =>
    told(await fetch(`${url}/file/${id}`, { headers }))

  const { status, body } = await get(fileId, alice)
  expect(status).toBe(200)
  const link: Record<string, unknown> = JSON.parse(body)
  expect(Object.keys(link)).toEqual(['url', 'expiresIn'])
  expect(link['expiresIn']).toBe(900)
  const opened = await fetch(String(link['url']), { headers: { range: 'bytes=1-2' } })
  expect(opened.headers.get('content-disposition')).toMatch(
    /^attachment; filename=.*filename\*=UTF-8''a%20%E2%82%AC%22\.txt/,
  )
  expect(await told(opened)).toEqual({ status: 206, body: 'el' })
  expect((await fetch(`${String(link['url']).slice(0, -2)}xx`)).status).toBe(403)
  expect((await fetch(`${url}/link/x`)).status).toBe(403)

  expect((await get(fileId, root)).status).toBe(200)
  expect(await get(fileId, bob)).toEqual(refusal(403, 'Forbidden: you do not own this file'))
  expect(await get('0123456789abcdef01234567', alice)).toEqual(refusal(404, 'File not found'))
  expect(await get('xyz', alice)).toEqual(refusal(404, 'File not found'))
  expect(await get('..%2F..%2Fetc', alice)).toEqual(refusal(404, 'File not found'))
  expect(await get(fileId, {})).toEqual(refusal(401, 'Missing or invalid Authorization header'))
  expect(await get(fileId, bearer('x'))).toEqual(refusal(401, 'Invalid or expired token'))
})

it('a link ends after 15 minutes', async () => {
  let now = Date.now()
  const { url, token } = await openGateway({ wrap: () => ({ now: () => now }) })
  const alice = bearer(await token('alice@example.com'))
  const posted = await fetch(`${url}/upload?filename=a`, { method: 'POST', headers: alice, body: 'hello' })
  const { fileId } = JSON.parse(await posted.text())
  const link = JSON.parse(await (await fetch(`${url}/file/${fileId}`, { headers: alice })).text())
  now += 899_000
  expect((await fetch(link.url)).status).toBe(200)
  now += 2_000
  expect(await told(await fetch(link.url))).toEqual({
    status: 403,
    body: 'The link is not valid or has expired.',
  })
})
