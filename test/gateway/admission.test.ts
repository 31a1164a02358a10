import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { keepFree } from '../../src/compose/keep-free.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import { bearer, blobsOf, form, type Opened, openGateway, told } from './open-gateway.ts'

const MANY = { inAll: 100, each: 100 }
const UNAVAILABLE = { status: 503, body: 'service unavailable' }

/** An upload that has begun and does not go on; ends with the test, or when it is told to. */
function begin({ url }: Opened, token: string): { giveUp(): void } {
  const headers = { ...bearer(token), 'content-type': 'application/octet-stream', 'content-length': 1000 }
  const sending = request(`${url}/upload?filename=a`, { method: 'POST', headers })
  sending.on('error', () => {})
  sending.write('some')
  onTestFinished(() => void sending.destroy())
  return { giveUp: () => sending.destroy() }
}

const send = ({ url }: Opened, token: string, path = '/upload') =>
  fetch(`${url}${path}`, { method: 'POST', headers: bearer(token), body: form([['f', 'a.mkv', 'video']]) })

/** What is said beside the body: the code, and that it makes sense to come again. */
function hint({ headers }: Response) {
  return { code: headers.get('x-error-code'), wait: Number(headers.get('retry-after')) > 0 }
}

it('one person may send so many files at once; others are not touched, and a place is free when one ends', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: { inAll: 9, each: 2 }, queue: MANY } } })
  const [alice, bob] = [await opened.token('alice@example.com'), await opened.token('bob@example.com')]
  const begun = [begin(opened, alice), begin(opened, alice)]
  await expect.poll(() => blobsOf(opened.dataDir)).toHaveLength(2)
  const refused = await send(opened, alice)
  expect(hint(refused)).toEqual({ code: 'TOO_MANY_UPLOADS', wait: true })
  expect(await told(refused)).toEqual(UNAVAILABLE)
  const modern = await send(opened, alice, '/v1/conversions')
  expect(modern.status).toBe(429)
  expect(await modern.json()).toMatchObject({ code: 'TOO_MANY_UPLOADS', status: 429 })
  expect((await send(opened, bob)).status).toBe(200)
  expect(await opened.library.conversions({ limit: 9 })).toHaveLength(1)
  begun[0]?.giveUp()
  await expect.poll(async () => (await send(opened, alice)).status).toBe(200)
  expect((await send(opened, alice)).status).toBe(200)
})

it('an upload that waits behind another answer on its connection gives its place back when that breaks', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: { inAll: 9, each: 1 }, queue: MANY } } })
  const alice = await opened.token('alice@example.com')
  const body = Buffer.alloc(10_000_000)
  const large = await fetch(`${opened.url}/upload?filename=a`, {
    method: 'POST',
    headers: bearer(alice),
    body,
  })
  const { fileId }: { fileId: string } = JSON.parse(await large.text())
  const line = (start: string, more = '') =>
    `${start} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${alice}\r\n${more}\r\n`
  const { hostname, port } = new URL(opened.url)
  const socket = connect(Number(port), hostname).pause()
  const upload = line('POST /upload?filename=b', 'content-length: 1000\r\n')
  socket.write(line(`GET /v1/files/${fileId}/content`) + upload)
  await expect.poll(async () => (await send(opened, alice)).status).toBe(503)
  socket.destroy()
  await expect.poll(async () => (await send(opened, alice)).status).toBe(200)
})

it('all together may send so many', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: { inAll: 2, each: 2 }, queue: MANY } } })
  const [alice, bob] = [await opened.token('alice@example.com'), await opened.token('bob@example.com')]
  begin(opened, alice)
  begin(opened, alice)
  await expect.poll(() => blobsOf(opened.dataDir)).toHaveLength(2)
  const refused = await send(opened, bob, '/v1/conversions')
  expect(refused.status).toBe(503)
  expect(hint(refused)).toEqual({ code: 'UPLOADS_BUSY', wait: true })
  const raw = await fetch(`${opened.url}/upload?filename=a`, {
    method: 'POST',
    headers: bearer(bob),
    body: 'x',
  })
  expect(await told(raw)).toEqual({ status: 503, body: '{"error":"Service unavailable"}' })
})

it('a place that was taken in vain is free again: refused, malformed, or gone', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: { inAll: 1, each: 1 }, queue: MANY } } })
  const alice = await opened.token('alice@example.com')
  const empty = () =>
    fetch(`${opened.url}/upload`, { method: 'POST', headers: bearer(alice), body: new FormData() })
  for (let turn = 0; turn < 5; turn++) expect((await empty()).status).toBe(400)
  for (let turn = 0; turn < 20; turn++) begin(opened, alice).giveUp()
  await expect.poll(async () => (await send(opened, alice)).status).toBe(200)
})

it('so many conversions of one person may wait; then nothing of theirs is taken but what is not converted', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: MANY, queue: { inAll: 9, each: 2 } } } })
  const [alice, bob] = [await opened.token('alice@example.com'), await opened.token('bob@example.com')]
  for (let turn = 0; turn < 2; turn++) expect((await send(opened, alice)).status).toBe(200)
  const refused = await send(opened, alice)
  expect(hint(refused)).toEqual({ code: 'TOO_MANY_QUEUED', wait: true })
  expect(await told(refused)).toEqual(UNAVAILABLE)
  const [waiting] = await opened.library.conversions({ limit: 1 })
  const again = { 'content-type': 'application/json', ...bearer(alice) }
  const body = JSON.stringify({ fileId: waiting?.sourceId })
  const further = await fetch(`${opened.url}/v1/conversions`, { method: 'POST', headers: again, body })
  expect(further.status).toBe(429)
  expect(await opened.library.files({ limit: 9 })).toHaveLength(2)
  const kept = await fetch(`${opened.url}/upload?filename=a`, {
    method: 'POST',
    headers: bearer(alice),
    body: 'x',
  })
  expect(kept.status).toBe(201)
  expect((await send(opened, bob)).status).toBe(200)
  await opened.library.cancel(waiting?.id ?? '', Date.now())
  expect((await send(opened, alice)).status).toBe(200)
})

it('so many of all together; a retry queues one too', async () => {
  const opened = await openGateway({ settings: { bounds: { uploads: MANY, queue: { inAll: 2, each: 2 } } } })
  const [alice, bob] = [await opened.token('alice@example.com'), await opened.token('bob@example.com')]
  const first = await send(opened, alice)
  const id = first.headers.get('x-conversion-id') ?? ''
  await opened.library.cancel(id, Date.now())
  for (const token of [alice, bob]) expect((await send(opened, token)).status).toBe(200)
  const refused = await send(opened, bob, '/v1/conversions')
  expect(refused.status).toBe(503)
  expect(hint(refused)).toEqual({ code: 'QUEUE_FULL', wait: true })
  const retry = await fetch(`${opened.url}/v1/conversions/${id}/retry`, {
    method: 'POST',
    headers: bearer(alice),
  })
  expect(await retry.json()).toMatchObject({ code: 'QUEUE_FULL' })
  expect(await blobsOf(opened.dataDir)).toHaveLength(3)
})

it('a part of the disk stays free: an upload that would take it is refused before it is sent, or broken off', async () => {
  let free = 1000
  const small = (blobs: Blobs) => keepFree({ ...blobs, room: async () => free }, 900)
  const opened = await openGateway({
    wrap: ({ blobs }) => ({ blobs: { ...blobs, source: small(blobs.source) } }),
  })
  const alice = await opened.token('alice@example.com')
  const large = () => send(opened, alice, '/v1/conversions')
  const told507 = { status: 507, code: 'STORAGE_FULL' }
  expect(await (await large()).json()).toMatchObject(told507) // the form says that it is longer than 100 bytes
  const raw = (body: string) =>
    fetch(`${opened.url}/upload?filename=a`, { method: 'POST', headers: bearer(alice), body })
  expect((await raw('a few')).status).toBe(201)
  free = 800
  await expect.poll(async () => (await raw('x')).status).toBe(503)
  const before = await blobsOf(opened.dataDir)
  expect((await raw('x')).status).toBe(503)
  expect(await blobsOf(opened.dataDir)).toEqual(before)
  free = 1_000_000
  await expect.poll(async () => (await large()).status).toBe(202)
})
