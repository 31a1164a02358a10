import { expect } from 'vitest'
import {
  as,
  type ConversionBody,
  conversion,
  converted,
  download,
  ended,
  expectStatus,
  formOf,
  inState,
  newPerson,
  type Person,
  sendJson,
  upload,
} from '../support/client.ts'
import { judge } from '../support/judge.ts'
import { fileOf, longWav, media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

const problem = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const body: { status: number; code: string; title: string; requestId: string } = JSON.parse(
    await answer.text(),
  )
  expect(body.status).toBe(answer.status)
  expect(body.requestId).toBeTruthy()
  return `${body.status} ${body.code}`
}
const post = (person: Person, path: string) => as(person, path, { method: 'POST' })

it('POST /v1/conversions takes a form: 202, Location, the conversion', async ({ alice }) => {
  const body = await formOf(await media('m4a'), { format: 'mp3', bitrate: '192k' })
  const answer = await as(alice, '/v1/conversions', { method: 'POST', body })
  const made: ConversionBody = JSON.parse(await expectStatus(answer, 202))
  expect(answer.headers.get('location')).toBe(`/v1/conversions/${made.id}`)
  expect(made).toMatchObject({ state: expect.stringMatching(/queued|running/), result: null, endedAt: null })
  expect(made.wish).toMatchObject({ format: 'mp3', bitrate: 192_000 })
  const done = await ended(alice, made.id)
  expect(done).toMatchObject({ state: 'done', progress: 1, attempt: 1, failure: null })
  expect(Date.parse(done.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(done.createdAt))
})

it('POST /v1/conversions takes the id of a file that is there', async ({ alice }) => {
  const first = await converted(alice, await media('m4a'))
  const answer = await sendJson(alice, 'POST', '/v1/conversions', {
    fileId: first.source.id,
    format: 'mp3',
    bitrate: 64_000,
  })
  const second = await ended(alice, JSON.parse(await expectStatus(answer, 202)).id)
  expect(second.source).toEqual(first.source)
  expect((await judge(await download(alice, second.result?.id ?? ''))).bitrate).toBe(64_000)
})

it('refuses wishes that can not be met, naming what can', async ({ alice }) => {
  const ask = async (wish: object) =>
    problem(await sendJson(alice, 'POST', '/v1/conversions', { fileId: '0123456789abcdef01234567', ...wish }))
  expect(await ask({ format: 'mp7' })).toBe('400 WISH_INVALID')
  expect(await ask({ bitrate: '9000k' })).toBe('400 WISH_INVALID')
  expect(await ask({})).toBe('404 FILE_NOT_FOUND')
  expect(await problem(await sendJson(alice, 'POST', '/v1/conversions', {}))).toMatch(/^400 /)
})

it('lists page by page, newest first, each once', async ({ server }) => {
  const dora = await newPerson(server.url)
  const ids: string[] = []
  for (let turn = 0; turn < 5; turn++)
    ids.push((await upload(dora, await fileOf('empty.mkv', ''))).conversionId)
  for (const id of ids) await ended(dora, id)
  const seen: string[] = []
  let cursor: string | null = ''
  do {
    const answer = await as(dora, `/v1/conversions?limit=2&state=failed&cursor=${cursor}`)
    const page: { items: ConversionBody[]; next: string | null } = JSON.parse(await expectStatus(answer, 200))
    seen.push(...page.items.map((item) => item.id))
    cursor = page.next
  } while (cursor)
  expect(seen).toEqual(ids.toReversed())
})

it('cancel ends what runs, within two seconds; it is not made later; retry makes it', async ({
  alice,
  mail,
}) => {
  const { conversionId: id } = await upload(alice, await longWav(8))
  await inState(alice, id, ['running'])
  await until('progress', async () => ((await conversion(alice, id)).progress > 0 ? true : undefined))
  const cancelled: ConversionBody = JSON.parse(
    await expectStatus(await post(alice, `/v1/conversions/${id}/cancel`), 200),
  )
  expect(cancelled).toMatchObject({ state: 'cancelled', result: null })

  // Its workers are gone: the next one is served at once, also where there is one core.
  const next = await upload(alice, await media('m4a'))
  expect((await ended(alice, next.conversionId, 10_000)).state).toBe('done')
  expect((await conversion(alice, id)).state).toBe('cancelled')
  expect(await problem(await post(alice, `/v1/conversions/${id}/cancel`))).toBe('409 CONVERSION_ENDED')

  const retried: ConversionBody = JSON.parse(
    await expectStatus(await post(alice, `/v1/conversions/${id}/retry`), 202),
  )
  expect(retried.id).toBe(id)
  const done = await ended(alice, id)
  expect(done).toMatchObject({ state: 'done', attempt: 1, partial: false })
  expect(Math.abs((done.result?.duration ?? 0) - 480)).toBeLessThan(1)
  expect(
    mail.mailsTo(alice.email).filter(({ raw }) => raw.includes(done.result?.id ?? '?')).length,
  ).toBeLessThan(2)
})

it('retry is for what failed or was cancelled, and needs no new upload', async ({ alice }) => {
  const done = await converted(alice, await media('m4a'))
  expect(await problem(await post(alice, `/v1/conversions/${done.id}/retry`))).toBe(
    '409 CONVERSION_NOT_RETRYABLE',
  )
  const failed = await converted(alice, await fileOf('empty.mkv', ''))
  await expectStatus(await post(alice, `/v1/conversions/${failed.id}/retry`), 202)
  expect(await ended(alice, failed.id)).toMatchObject({ state: 'failed', attempt: 1 })
})

it('a file goes when it is deleted, not while it is in use', async ({ alice }) => {
  const { conversionId, fileId } = await upload(alice, await longWav(10))
  const busy = await as(alice, `/v1/files/${fileId}`, { method: 'DELETE' })
  expect(await problem(busy)).toBe('409 FILE_IN_USE')
  await expectStatus(await post(alice, `/v1/conversions/${conversionId}/cancel`), 200)
  await expectStatus(await as(alice, `/v1/files/${fileId}`, { method: 'DELETE' }), 204)
  expect(await problem(await as(alice, `/v1/files/${fileId}`))).toBe('404 FILE_NOT_FOUND')
  expect(await problem(await as(alice, `/v1/files/${fileId}/content`))).toBe('404 FILE_NOT_FOUND')
})

it('what is not there, and what is malformed, is told as a problem', async ({ alice }) => {
  expect(await problem(await as(alice, '/v1/nothing'))).toBe('404 ROUTE_NOT_FOUND')
  expect(await problem(await as(alice, '/v1/conversions?limit=zero'))).toBe('400 REQUEST_INVALID')
  expect(await problem(await fetch(`${alice.url}/v1/conversions`))).toBe('401 TOKEN_MISSING')
  const headers = { 'content-type': 'application/json' }
  const broken = await as(alice, '/v1/conversions', { method: 'POST', headers, body: '{"fileId":' })
  expect(await problem(broken)).toBe('400 REQUEST_INVALID')
})

it('an upload that breaks off leaves nothing', async ({ server }) => {
  const erin = await newPerson(server.url)
  const gone = new AbortController()
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(
        Buffer.from('--x\r\nContent-Disposition: form-data; name="f"; filename="a.mkv"\r\n\r\nhalf'),
      )
      setTimeout(() => gone.abort(), 300)
    },
  })
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const sent = as(erin, '/upload', { method: 'POST', headers, body, duplex: 'half', signal: gone.signal })
  await expect(sent).rejects.toThrow()
  expect(JSON.parse(await expectStatus(await as(erin, '/v1/files'), 200))).toEqual({ items: [], next: null })
})
