import { expect } from 'vitest'
import { as, converted } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()
  .extend('made', { scope: 'file' }, async ({ alice }) => converted(alice, await media('m4a')))
  .extend('whole', { scope: 'file' }, async ({ alice, made }) => {
    const answer = await as(alice, `/download?fid=${made.result?.id}`)
    return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
  })

it('the classic download has all its headers', ({ made, whole }) => {
  expect(whole.headers.get('content-type')).toBe('audio/mpeg')
  expect(whole.headers.get('content-length')).toBe(`${whole.bytes.length}`)
  expect(whole.headers.get('content-disposition')).toBe(`inline; filename=${made.result?.id}.mp3`)
  expect(whole.headers.get('accept-ranges')).toBe('bytes')
  expect(whole.headers.get('etag')).toMatch(/^"[^"]+"$/)
  expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
  expect(whole.bytes.length).toBe(made.result?.size)
})

it("a conversion's id leads to its result, a source's id to its newest", async ({ alice, made, whole }) => {
  for (const fid of [made.id, made.source.id]) {
    const answer = await as(alice, `/download?fid=${fid}`)
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole.bytes)).toBe(true)
  }
})

// The same bytes behind two doors.
for (const door of ['/download?fid=', '/v1/files/'] as const) {
  const pathOf = (id = '') => (door === '/v1/files/' ? `${door}${id}/content` : `${door}${id}`)

  // [Range, first byte, byte after the last] of a file of `size` bytes
  const RANGES = [
    ['bytes=0-99', () => [0, 100]],
    ['bytes=1000-', (size: number) => [1000, size]],
    ['bytes=-50', (size: number) => [size - 50, size]],
    ['bytes=100-99999999', (size: number) => [100, size]],
  ] as const

  for (const [range, place] of RANGES) {
    it(`${door} answers ${range} with 206 and these bytes`, async ({ alice, made, whole }) => {
      const answer = await as(alice, pathOf(made.result?.id), { headers: { range } })
      const [from = 0, to = 0] = place(whole.bytes.length)
      expect(answer.status).toBe(206)
      expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${whole.bytes.length}`)
      expect(answer.headers.get('content-length')).toBe(`${to - from}`)
      expect(Buffer.from(await answer.arrayBuffer()).equals(whole.bytes.subarray(from, to))).toBe(true)
    })
  }

  it(`${door} answers a range outside with 416, a malformed one with the whole`, async ({
    alice,
    made,
    whole,
  }) => {
    const size = whole.bytes.length
    const outside = await as(alice, pathOf(made.result?.id), { headers: { range: `bytes=${size}-` } })
    expect(outside.status).toBe(416)
    expect(outside.headers.get('content-range')).toBe(`bytes */${size}`)
    const malformed = await as(alice, pathOf(made.result?.id), { headers: { range: 'lines=1-2' } })
    expect(malformed.status).toBe(200)
    expect((await malformed.arrayBuffer()).byteLength).toBe(size)
  })

  it(`${door} answers HEAD with the headers and no body`, async ({ alice, made, whole }) => {
    const answer = await as(alice, pathOf(made.result?.id), { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe(`${whole.bytes.length}`)
    expect((await answer.arrayBuffer()).byteLength).toBe(0)
  })

  it(`${door} knows ETag: 304 when unchanged, If-Range only for the same bytes`, async ({
    alice,
    made,
    whole,
  }) => {
    const path = pathOf(made.result?.id)
    const etag = (await as(alice, path, { method: 'HEAD' })).headers.get('etag') ?? ''
    expect((await as(alice, path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const range = 'bytes=0-9'
    expect((await as(alice, path, { headers: { range, 'if-range': etag } })).status).toBe(206)
    const changed = await as(alice, path, { headers: { range, 'if-range': '"another"' } })
    expect(changed.status).toBe(200)
    expect((await changed.arrayBuffer()).byteLength).toBe(whole.bytes.length)
  })
}

it('the source comes back as it went in, under its own name', async ({ alice, made }) => {
  const answer = await as(alice, `/v1/files/${made.source.id}/content`)
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="?m4a-3\.m4a/)
  expect((await answer.arrayBuffer()).byteLength).toBe(made.source.size)
})

it('a link opens without a token, and a part of it too', async ({ alice, made, whole }) => {
  const answer = await as(alice, `/v1/files/${made.result?.id}/link`, { method: 'POST' })
  const { url, expiresIn }: { url: string; expiresIn: number } = JSON.parse(await answer.text())
  expect(expiresIn).toBe(900)
  const opened = await fetch(url, { headers: { range: 'bytes=0-9' } })
  expect(opened.status).toBe(206)
  expect(Buffer.from(await opened.arrayBuffer())).toEqual(whole.bytes.subarray(0, 10))
})
