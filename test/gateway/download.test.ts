import { expect, it } from 'vitest'
import { put } from '../converter/harness.ts'
import { addResult, claim } from './add-result.ts'
import { bearer, form, type Opened, openGateway, told } from './open-gateway.ts'

async function upload({ url }: Opened, token: string) {
  const body = form([['file', 'talk.mkv', 'video']])
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers: bearer(token), body })
  const id = (name: string) => answer.headers.get(name) ?? ''
  return { fileId: id('x-file-id'), conversionId: id('x-conversion-id') }
}

/** A gateway where alice has one result of ten bytes. */
async function withResult() {
  const opened = await openGateway()
  const alice = await opened.token('alice@example.com')
  const ids = await upload(opened, alice)
  const result = await addResult(opened, await claim(opened), '0123456789')
  const get = (fid: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${opened.url}/download?fid=${fid}`, { method, headers: { ...bearer(alice), ...headers } })
  return { opened, alice, ids, result, get }
}

it('serves a result by its id, by its conversion and by its source', async () => {
  const { ids, result, get, opened } = await withResult()
  for (const fid of [result.id, result.id.toUpperCase(), ids.conversionId, ids.fileId]) {
    const answer = await get(fid, {
      authorization: `bEARER   ${await opened.identity.login({ ...opened.admin, address: '::1' }, 'basic')}`,
    })
    expect(await told(answer)).toEqual({ status: 200, body: '0123456789' })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'audio/mpeg',
      'content-disposition': `inline; filename=${result.id}.mp3`,
      'content-length': '10',
      etag: `"${result.sha256}"`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    })
  }
})

it('a source leads to its newest result; another format has its own type and extension', async () => {
  const { opened, ids, get, alice } = await withResult()
  const body = JSON.stringify({ fileId: ids.fileId, format: 'flac' })
  const headers = { ...bearer(alice), 'content-type': 'application/json' }
  expect((await fetch(`${opened.url}/v1/conversions`, { method: 'POST', headers, body })).status).toBe(202)
  const newest = await addResult(opened, await claim(opened), 'flac', 'flac')
  const answer = await get(ids.fileId)
  expect(answer.headers.get('content-type')).toBe('audio/flac')
  expect(answer.headers.get('content-disposition')).toBe(`inline; filename=${newest.id}.flac`)
  expect(await answer.text()).toBe('flac')
})

it('never hands on the end when the store has other bytes', async () => {
  const { opened, result, get } = await withResult()
  await opened.blobs.result.remove(result.blobKey)
  await put(opened.blobs.result, result.blobKey, Buffer.from('0123456780'))
  const answer = await get(result.id)
  expect(answer.status).toBe(500)
  expect(answer.headers.get('x-error-code')).toBe('BLOB_CORRUPT')
})

it('answers ranges, conditions and HEAD', async () => {
  const { result, get } = await withResult()
  const etag = `"${result.sha256}"`
  const part = await get(result.id, { range: 'bytes=2-4', 'if-range': etag })
  expect(part.headers.get('content-range')).toBe('bytes 2-4/10')
  expect(part.headers.get('content-length')).toBe('3')
  expect(await told(part)).toEqual({ status: 206, body: '234' })
  expect(await told(await get(result.id, { range: 'bytes=-3' }))).toEqual({ status: 206, body: '789' })
  expect((await get(result.id, { range: 'bytes=2-4', 'if-range': '"other"' })).status).toBe(200)
  const outside = await get(result.id, { range: 'bytes=10-' })
  expect(outside.status).toBe(416)
  expect(outside.headers.get('content-range')).toBe('bytes */10')
  expect(outside.headers.get('content-disposition')).toBeNull()
  const known = await get(result.id, { 'if-none-match': `W/"x", ${etag}` })
  expect(await told(known)).toEqual({ status: 304, body: '' })
  const head = await get(result.id, {}, 'HEAD')
  expect(head.headers.get('content-length')).toBe('10')
  expect(await told(head)).toEqual({ status: 200, body: '' })
})

it('refuses in words', async () => {
  const { opened, ids, result, get } = await withResult()
  const { url, library, blobs } = opened
  const bob = bearer(await opened.token('bob@example.com'))
  const notFound = { status: 404, body: 'file not found' }
  expect(await told(await fetch(`${url}/download?fid=${result.id}`))).toEqual({
    status: 401,
    body: 'missing credentials',
  })
  expect(await told(await get(result.id, bearer('x')))).toEqual({ status: 403, body: 'not authorized' })
  expect(await told(await get(''))).toEqual({ status: 400, body: 'fid is required' })
  expect(await told(await get('xyz'))).toEqual({ status: 400, body: 'fid is malformed' })
  expect(await told(await get('0123456789abcdef01234567'))).toEqual(notFound)
  for (const fid of [result.id, ids.conversionId, ids.fileId]) {
    expect(await told(await get(fid, bob))).toEqual(notFound)
  }
  await blobs.result.remove(result.blobKey)
  expect(await told(await get(result.id))).toEqual(notFound)
  await library.removeFile(result.id)
  expect(await told(await get(ids.conversionId))).toEqual({ status: 410, body: 'file expired' })
})

it('tells what is not ready, what failed and what was cancelled apart', async () => {
  const opened = await openGateway()
  const alice = await opened.token('alice@example.com')
  const get = async (fid: string) =>
    told(await fetch(`${opened.url}/download?fid=${fid}`, { headers: bearer(alice) }))
  const { fileId, conversionId } = await upload(opened, alice)
  const answer = await fetch(`${opened.url}/download?fid=${fileId}`, { headers: bearer(alice) })
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await told(answer)).toEqual({ status: 409, body: 'not ready' })
  expect(await get(conversionId)).toEqual({ status: 409, body: 'not ready' })
  const { id, fence } = await claim(opened)
  expect(await get(conversionId)).toEqual({ status: 409, body: 'not ready' })
  const failure = { code: 'MEDIA_NO_AUDIO' as const, text: 'The file has no sound.' }
  await opened.library.finish({ id, fence }, { kind: 'failed', failure }, Date.now())
  for (const fid of [fileId, conversionId]) {
    expect(await get(fid)).toEqual({ status: 410, body: 'conversion failed: The file has no sound.' })
  }
  const second = await upload(opened, alice)
  await opened.library.cancel(second.conversionId, Date.now())
  expect(await get(second.conversionId)).toEqual({
    status: 410,
    body: 'conversion failed: The conversion was cancelled.',
  })
})

it('what has expired is gone before the sweep comes by', async () => {
  let now = Date.now()
  const opened = await openGateway({ settings: { retention: 60_000 }, wrap: () => ({ now: () => now }) })
  const headers = bearer(await opened.token('alice@example.com'))
  const posted = await fetch(`${opened.url}/upload?filename=a`, { method: 'POST', headers, body: 'x' })
  const { fileId } = JSON.parse(await posted.text())
  expect((await fetch(`${opened.url}/v1/files/${fileId}/content`, { headers })).status).toBe(200)
  now += 60_001
  expect((await fetch(`${opened.url}/v1/files/${fileId}/content`, { headers })).status).toBe(410)
})

it('what has expired stays told apart from what never was, also when the sweep has come by', async () => {
  const opened = await openGateway({ settings: { retention: 60_000 } })
  const alice = bearer(await opened.token('alice@example.com'))
  const eve = bearer(await opened.token('eve@example.com'))
  const posted = await fetch(`${opened.url}/upload?filename=a`, { method: 'POST', headers: alice, body: 'x' })
  const { fileId } = JSON.parse(await posted.text())
  const shown = JSON.parse(await (await fetch(`${opened.url}/v1/files/${fileId}`, { headers: alice })).text())
  expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBe(60_000)
  await opened.library.removeFile(fileId, Date.now())
  const asked = [
    `/v1/files/${fileId}`,
    `/v1/files/${fileId}/content`,
    `/file/${fileId}`,
    `/download?fid=${fileId}`,
  ]
  for (const path of asked) {
    expect([path, (await fetch(opened.url + path, { headers: alice })).status]).toEqual([path, 410])
    expect([path, (await fetch(opened.url + path, { headers: eve })).status]).toEqual([path, 404])
  }
})

it('the id of an expired source leads to its result as long as that is there', async () => {
  const { opened, ids, result, get } = await withResult()
  await opened.library.removeFile(ids.fileId, Date.now())
  expect(await told(await get(ids.fileId))).toEqual({ status: 200, body: '0123456789' })
  const bob = bearer(await opened.token('bob@example.com'))
  expect((await get(ids.fileId, bob)).status).toBe(404)
  await opened.library.removeFile(result.id, Date.now())
  for (const fid of [ids.fileId, ids.conversionId, result.id]) {
    expect(await told(await get(fid))).toEqual({ status: 410, body: 'file expired' })
  }
})
