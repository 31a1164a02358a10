import { expect } from 'vitest'
import { as, type ConversionBody, converted, expectStatus, type Person } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer().extend('made', { scope: 'file' }, async ({ alice }) =>
  converted(alice, await media('m4a')),
)

const UNKNOWN = '0123456789abcdef01234567'

/** Method and path of everything that leads to one thing of alice's. */
const V1 = (made: ConversionBody) =>
  [
    ['GET', `/v1/conversions/${made.id}`],
    ['GET', `/v1/conversions/${made.id}/receipt`],
    ['POST', `/v1/conversions/${made.id}/cancel`],
    ['POST', `/v1/conversions/${made.id}/retry`],
    ['GET', `/v1/files/${made.source.id}`],
    ['GET', `/v1/files/${made.result?.id}`],
    ['GET', `/v1/files/${made.result?.id}/content`],
    ['HEAD', `/v1/files/${made.result?.id}/content`],
    ['POST', `/v1/files/${made.result?.id}/link`],
    ['DELETE', `/v1/files/${made.source.id}`],
  ] as const

/** The delivery that told alice. */
const deliveryOf = (alice: Person) =>
  until('a delivery', async () => {
    const { items }: { items: { id: string; state: string }[] } = JSON.parse(
      await expectStatus(await as(alice, '/v1/deliveries'), 200),
    )
    return items.find(({ state }) => state === 'sent')
  })

it("another's delivery can not be seen or sent anew", async ({ made, alice, bob, admin }) => {
  expect(made.state).toBe('done')
  const { id } = await deliveryOf(alice)
  const unknown = await told(bob, 'POST', `/v1/deliveries/${UNKNOWN}/replay`)
  expect(await told(bob, 'POST', `/v1/deliveries/${id}/replay`)).toEqual(unknown)
  expect(unknown.status).toBe(404)
  expect(JSON.parse((await told(bob, 'GET', '/v1/deliveries')).body)).toEqual({ items: [], next: null })
  const everyones = await expectStatus(await as(admin, '/v1/deliveries'), 200)
  expect(everyones).toContain(id)
  expect((await fetch(`${alice.url}/v1/deliveries/${id}/replay`, { method: 'POST' })).status).toBe(401)
  expect((await told(alice, 'POST', `/v1/deliveries/${id}/replay`)).status).toBe(202)
})

/** Status and body without what names this very request. */
async function told(person: Person, method: string, path: string) {
  const answer = await as(person, path, { method })
  const text = await answer.text()
  return {
    status: answer.status,
    body: text.replace(/"requestId":"[^"]*"/, '').replaceAll(/[0-9a-f]{24}/g, 'ID'),
  }
}

it("on /v1 another's thing looks like one that does not exist", async ({ made, bob }) => {
  for (const [method, path] of V1(made)) {
    const answer = await told(bob, method, path)
    const unknown = await told(bob, method, path.replace(/[0-9a-f]{24}/, UNKNOWN))
    expect({ method, path, ...answer }).toEqual({ method, path, ...unknown })
    expect(answer.status).toBe(404)
  }
})

it("POST /v1/conversions does not take another's file", async ({ made, bob }) => {
  const body = JSON.stringify({ fileId: made.source.id })
  const headers = { 'content-type': 'application/json' }
  const answer = await as(bob, '/v1/conversions', { method: 'POST', headers, body })
  expect(answer.status).toBe(404)
})

it("the classic routes: download does not find another's file, /file forbids it", async ({ made, bob }) => {
  expect(await told(bob, 'GET', `/download?fid=${made.result?.id}`)).toEqual({
    status: 404,
    body: 'file not found',
  })
  expect(await told(bob, 'GET', `/download?fid=${made.id}`)).toEqual({ status: 404, body: 'file not found' })
  expect(await told(bob, 'GET', `/file/${made.source.id}`)).toEqual({
    status: 403,
    body: '{"error":"Forbidden: you do not own this file"}',
  })
})

it("lists show one's own", async ({ made, alice, bob }) => {
  for (const path of ['/v1/conversions', '/v1/files']) {
    expect(JSON.parse((await told(bob, 'GET', path)).body)).toEqual({ items: [], next: null })
    expect(JSON.parse((await told(alice, 'GET', path)).body).items.length).toBeGreaterThan(0)
  }
  expect(made.state).toBe('done')
})

it('without a token nothing of /v1 answers', async ({ made, server }) => {
  for (const [method, path] of V1(made)) {
    const answer = await fetch(`${server.url}${path}`, { method })
    expect({ method, path, status: answer.status }).toEqual({ method, path, status: 401 })
  }
})

it('an administrator reaches everything', async ({ made, admin }) => {
  expect((await told(admin, 'GET', `/v1/conversions/${made.id}`)).status).toBe(200)
  expect((await told(admin, 'GET', `/download?fid=${made.result?.id}`)).status).toBe(200)
  expect((await told(admin, 'GET', `/file/${made.source.id}`)).status).toBe(200)
})
