import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import type { QueueMessage } from '../../src/ports/broker.ts'
import { bearer, blobsOf, form, type Opened, openGateway, told } from './open-gateway.ts'

it('keeps a form with one file in any field, queues it, and tells the ids', async () => {
  const { url, token, library, broker, blobs } = await openGateway()
  const calls: QueueMessage[] = []
  await broker.subscribe('video', async (message) => void calls.push(message))
  const answer = await fetch(`${url}/upload?format=flac`, {
    method: 'POST',
    headers: { ...bearer(await token('alice@example.com')), 'x-request-id': 'req-1' },
    body: form([['whatever', 'tälk .mkv', 'video']]),
  })
  const [fileId, conversionId] = [answer.headers.get('x-file-id'), answer.headers.get('x-conversion-id')]
  expect(answer.headers.get('location')).toBe(`/v1/conversions/${conversionId}`)
  expect(answer.headers.get('x-request-id')).toBe('req-1')
  expect(await told(answer)).toEqual({ status: 200, body: 'success!' })
  expect(await library.file(fileId ?? '')).toMatchObject({
    name: 'tälk .mkv',
    size: 5,
    kind: 'source',
    sha256: createHash('sha256').update('video').digest('hex'),
    blobKey: fileId,
    expiresAt: null,
  })
  expect(await library.conversion(conversionId ?? '')).toMatchObject({
    sourceId: fileId,
    ownerEmail: 'alice@example.com',
    wish: { format: 'flac' },
    state: 'queued',
  })
  expect(await blobs.source.size(fileId ?? '')).toBe(5)
  expect(calls).toEqual([
    {
      video_fid: fileId,
      mp3_fid: null,
      username: 'alice@example.com',
      conversion_id: conversionId,
      request_id: 'req-1',
    },
  ])
})

it('takes wish and name from fields after the file, and a field beats the query', async () => {
  const { url, token, library } = await openGateway()
  const answer = await fetch(`${url}/upload?format=flac`, {
    method: 'POST',
    headers: bearer(await token('alice@example.com')),
    body: form([['file', 'a.mkv', 'video']], { format: 'mp3', bitrate: '192k', filename: '../b.mkv' }),
  })
  expect(answer.status).toBe(200)
  const { wish } = (await library.conversion(answer.headers.get('x-conversion-id') ?? '')) ?? {}
  expect(wish).toEqual({ format: 'mp3', bitrate: 192_000 })
  expect((await library.file(answer.headers.get('x-file-id') ?? ''))?.name).toBe('b.mkv')
})

it('refuses in words, and nothing of what it refused stays', async () => {
  const { url, token, dataDir, library } = await openGateway({ settings: { uploadLimit: 100 } })
  const alice = bearer(await token('alice@example.com'))
  const post = async (body: FormData | string | null, headers: Record<string, string> = alice, query = '') =>
    told(await fetch(`${url}/upload${query}`, { method: 'POST', headers, body }))
  const one = form([['file', 'a.mkv', 'x']])
  const exactlyOne = { status: 400, body: 'exactly 1 file required' }
  const missing = { status: 401, body: 'missing credentials' }

  expect(await post(one, {})).toEqual(missing)
  expect(await post(one, { authorization: 'nonsense' })).toEqual(missing)
  expect(await post(one, { authorization: 'Bearer' })).toEqual(missing)
  expect(await post(one, { authorization: 'Bearer x.y.z' })).toEqual({ status: 403, body: 'not authorized' })
  expect(await post(form([]), alice)).toEqual(exactlyOne)
  expect(await post(null)).toEqual(exactlyOne)
  expect(await post('x', { ...alice, 'content-type': 'multipart/mixed; boundary=x' })).toEqual(exactlyOne)
  expect(await post(form([], { format: 'mp3' }))).toEqual(exactlyOne)
  expect(
    await post(
      form([
        ['a', 'a', 'x'],
        ['b', 'b', 'y'],
      ]),
    ),
  ).toEqual(exactlyOne)
  expect(
    await post(
      form([
        ['a', 'a', 'x'],
        ['a', 'b', 'y'],
      ]),
    ),
  ).toEqual(exactlyOne)
  expect(await post(form([['a', '', '']]))).toEqual(exactlyOne)
  expect(await post(one, alice, '?format=mp7')).toMatchObject({
    status: 400,
    body: expect.stringMatching(/^unknown format 'mp7'/),
  })
  expect(await post(form([['a', 'a', 'x']], { bitrate: '999k' }))).toMatchObject({
    status: 400,
    body: expect.stringContaining('999k'),
  })
  expect(await post(form([['a', 'a', 'x'.repeat(101)]]))).toEqual({ status: 413, body: 'file too large' })
  expect(await post(form([['a', 'a', 'x'.repeat(3 * 1024 ** 2)]]))).toEqual({
    status: 413,
    body: 'file too large',
  })
  expect(
    await post('no form', { ...alice, 'content-type': 'multipart/form-data; boundary=x' }),
  ).toMatchObject({
    status: 400,
  })
  expect(
    await post('--x\r\ncontent-disposition: form-data; name=a; filename=a\r\n\r\nhalf', {
      ...alice,
      'content-type': 'multipart/form-data; boundary=x',
    }),
  ).toMatchObject({ status: 400 })

  expect(await blobsOf(dataDir)).toEqual([])
  expect(await library.files({ limit: 9 })).toEqual([])
  expect(await library.conversions({ limit: 9 })).toEqual([])
})

it('without a broker nothing is converted, and nothing stored', async () => {
  const { url, token, dataDir } = await openGateway({ wrap: () => ({ broker: null }) })
  const headers = bearer(await token('alice@example.com'))
  const body = form([['file', 'a.mkv', 'x']])
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers, body })
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await told(answer)).toEqual({ status: 503, body: 'service unavailable' })
  expect(await blobsOf(dataDir)).toEqual([])
})

/** Every way a file comes in. */
const WAYS = [
  { way: 'a form', path: '/upload', body: () => form([['file', 'a.mkv', 'x']]), status: 200 },
  { way: 'a raw body', path: '/upload?filename=a.mkv&convert=mp3', body: () => 'x', status: 201 },
  { way: '/v1', path: '/v1/conversions', body: () => form([['file', 'a.mkv', 'x']]), status: 202 },
]

it.each(WAYS)(
  '$way: when the library fails, the blob goes; when only its answer was lost, the upload stands',
  async ({ path, body, status }) => {
    const fail = () => Promise.reject(new AppError('SERVICE_UNAVAILABLE'))
    const send = async ({ url, token }: Opened) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: bearer(await token('alice@example.com')),
        body: body(),
      })
    const failing = await openGateway({ wrap: ({ library }) => ({ library: { ...library, addFile: fail } }) })
    const refused = await send(failing)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await told(refused)).toEqual({ status: 503, body: expect.stringMatching(/service.unavailable/i) })
    expect(await blobsOf(failing.dataDir)).toEqual([])

    const forgetful = await openGateway({
      wrap: ({ library }) => ({
        library: {
          ...library,
          addFile: async (...given) => {
            await library.addFile(...given)
            return fail()
          },
        },
      }),
    })
    expect((await send(forgetful)).status).toBe(status)
    expect(await blobsOf(forgetful.dataDir)).toHaveLength(1)
    expect(await forgetful.library.conversions({ limit: 9 })).toHaveLength(1)
  },
)

it('a wake-up call that is not taken does not fail the upload', async () => {
  const { url, token } = await openGateway({
    wrap: ({ broker }) => ({
      broker: broker && {
        ...broker,
        connected: false,
        publish: () => Promise.reject(new AppError('SERVICE_UNAVAILABLE')),
      },
    }),
  })
  const headers = bearer(await token('alice@example.com'))
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers, body: form([['f', 'a', 'x']]) })
  expect(await told(answer)).toEqual({ status: 200, body: 'success!' })
})
