import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { addResult, claim } from './add-result.ts'
import { bearer, blobsOf, form, type Opened, openGateway, told } from './open-gateway.ts'

const KB = 1024

const send = (url: string, path: string, token: string, size: number) => {
  const body = path.startsWith('/upload?') ? 'x'.repeat(size) : form([['file', 'talk.mkv', 'x'.repeat(size)]])
  return fetch(url + path, { method: 'POST', headers: bearer(token), body })
}

const me = async ({ url }: Opened, token: string) =>
  JSON.parse(await (await fetch(`${url}/v1/me`, { headers: bearer(token) })).text())

const WAYS = ['/upload', '/upload?filename=a.bin', '/upload?filename=a.bin&convert=mp3', '/v1/conversions']

it('refuses what does not fit on every way in, with a code and what mends it', async () => {
  const opened = await openGateway({ settings: { quota: { bytes: 10 * KB } } })
  const alice = await opened.token('alice@example.com')
  expect((await send(opened.url, '/upload', alice, 6 * KB)).status).toBe(200)
  const before = (await blobsOf(opened.dataDir)).length
  for (const way of WAYS) {
    const answer = await send(opened.url, way, alice, 5 * KB)
    expect([way, answer.status, answer.headers.get('x-error-code')]).toEqual([way, 413, 'QUOTA_EXCEEDED'])
    expect(answer.headers.get('retry-after')).toBeNull()
    expect(await answer.text()).toContain('Your files take 6 KB of 10 KB')
  }
  expect(await blobsOf(opened.dataDir)).toHaveLength(before)
  expect(await opened.library.files({ limit: 9 })).toHaveLength(1)
  expect(await me(opened, alice)).toMatchObject({
    usage: { files: 1, bytes: 6 * KB },
    quota: { files: null, bytes: 10 * KB },
  })
  const bob = await opened.token('bob@example.com')
  expect((await send(opened.url, '/upload', bob, 10 * KB)).status).toBe(200)
})

it('has room again when a file is deleted', async () => {
  const opened = await openGateway({ settings: { quota: { files: 1 } } })
  const alice = await opened.token('alice@example.com')
  const first = await send(opened.url, '/upload?filename=a', alice, 10)
  const { fileId } = JSON.parse(await first.text())
  const refused = await told(await send(opened.url, '/upload', alice, 10))
  expect(refused).toEqual({
    status: 413,
    body: 'You have 1 of 1 files. Delete files that are not needed.',
  })
  const removed = await fetch(`${opened.url}/v1/files/${fileId}`, {
    method: 'DELETE',
    headers: bearer(alice),
  })
  expect(removed.status).toBe(204)
  expect((await send(opened.url, '/upload', alice, 10)).status).toBe(200)
})

it('does not read what says itself that it will not fit', async () => {
  const opened = await openGateway({ settings: { quota: { bytes: 10 * KB } } })
  const headers = { ...bearer(await opened.token('alice@example.com')), 'content-length': 20 * KB * KB }
  const asked = request(`${opened.url}/upload?filename=a`, { method: 'POST', headers })
  asked.on('error', () => {})
  asked.write('x')
  const [answer] = await once(asked, 'response')
  expect([answer.statusCode, answer.headers['x-error-code']]).toEqual([413, 'QUOTA_EXCEEDED'])
  asked.destroy()
})

it('breaks off an upload that says nothing of its size as soon as it does not fit', async () => {
  const opened = await openGateway({ settings: { quota: { bytes: 10 * KB } } })
  const headers = bearer(await opened.token('alice@example.com'))
  const asked = request(`${opened.url}/upload?filename=a`, { method: 'POST', headers })
  asked.on('error', () => {})
  asked.write(Buffer.alloc(11 * KB)) // and no end
  const [answer] = await once(asked, 'response')
  expect([answer.statusCode, answer.headers['x-error-code']]).toEqual([413, 'QUOTA_EXCEEDED'])
  asked.destroy()
})

it('makes no further conversion for who is over quota, and ends those that were asked for', async () => {
  const opened = await openGateway({ settings: { quota: { bytes: 10 * KB } } })
  const alice = await opened.token('alice@example.com')
  const answer = await send(opened.url, '/upload', alice, 9 * KB)
  const fileId = answer.headers.get('x-file-id')
  await addResult(opened, await claim(opened), 'x'.repeat(2 * KB))
  expect((await me(opened, alice)).usage).toEqual({ files: 2, bytes: 11 * KB })
  const headers = { ...bearer(alice), 'content-type': 'application/json' }
  const body = JSON.stringify({ fileId, format: 'opus' })
  const refused = await fetch(`${opened.url}/v1/conversions`, { method: 'POST', headers, body })
  expect([refused.status, refused.headers.get('x-error-code')]).toEqual([413, 'QUOTA_EXCEEDED'])
})

it.each([
  ['slot', { files: 3 }],
  ['bytes', { bytes: 3 * KB + 10 }],
])('gives the last free %s to one of fifty uploads at once', async (_, quota) => {
  const opened = await openGateway({ settings: { quota } })
  const alice = await opened.token('alice@example.com')
  for (let each = 0; each < 2; each++) await send(opened.url, '/upload', alice, KB)
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, place) => send(opened.url, WAYS[place % WAYS.length] ?? '', alice, KB)),
  )
  const statuses = answers.map(({ status }) => (status < 300 ? 'taken' : status))
  expect(statuses.filter((status) => status === 'taken')).toHaveLength(1)
  expect(statuses.filter((status) => status === 413)).toHaveLength(49)
  expect((await me(opened, alice)).usage).toEqual({ files: 3, bytes: 3 * KB })
  expect(await opened.library.files({ limit: 99 })).toHaveLength(3)
  expect(await blobsOf(opened.dataDir)).toHaveLength(3)
})
