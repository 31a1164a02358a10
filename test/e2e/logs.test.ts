import { expect } from 'vitest'
import { as, basic, bearer, converted, ended, upload } from '../support/client.ts'
import { longWav, media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer({ LOG_LEVEL: 'debug', JWT_SECRET: 'a-secret-of-thirty-two-bytes-or-more' })

/** The log: what of the output is JSON. */
const logOf = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))

const SERVICES = ['gateway', 'converter', 'notification']
/** In one process auth is asked without a request. */
const AUTH = process.env['TOPOLOGY'] === 'many' ? ['auth'] : []

it('one id leads through the log of all services', async ({ server, alice, mail }) => {
  const id = 'trace-me-0123456789'
  const authorization = basic(alice.email, alice.password)
  await fetch(`${server.url}/login`, { method: 'POST', headers: { authorization, 'x-request-id': id } })
  const form = new FormData()
  form.set('file', new Blob(['no video']), 'talk.mkv')
  const headers = { 'x-request-id': id }
  const answer = await as(alice, '/upload', { method: 'POST', headers, body: form })
  expect(answer.headers.get('x-request-id')).toBe(id)
  await mail.nextMail(alice.email)
  const conversion = answer.headers.get('x-conversion-id') ?? '?'
  for (const each of [id, conversion]) {
    // The mail is out a moment before its line is.
    await until(`lines of all services about ${each}`, () => {
      const about = logOf(server.lines).filter((line) => JSON.stringify(line).includes(each))
      const services = new Set(about.map((line) => line['service']))
      const asked = each === id ? [...SERVICES, ...AUTH] : SERVICES
      return asked.every((service) => services.has(service)) || undefined
    })
  }
})

it('every request leaves a line with its id, status and time', async ({ server, alice }) => {
  const answer = await as(alice, '/v1/conversions')
  const id = answer.headers.get('x-request-id')
  expect(id).toBeTruthy()
  await new Promise((resolve) => setTimeout(resolve, 100))
  const line = logOf(server.lines).find((each) => JSON.stringify(each).includes(`"${id}"`))
  expect(line).toBeDefined()
  expect(JSON.stringify(line)).toContain('200')
})

it('no password, token or secret is in a log', async ({ server, alice, admin }) => {
  const secrets = [
    'hunter2-not-mine',
    alice.password,
    alice.token,
    admin.token,
    'a-secret-of-thirty-two-bytes-or-more',
  ]
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: alice.email, password: 'hunter2-not-mine' })
  await fetch(`${server.url}/login`, { method: 'POST', headers: json, body })
  await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { authorization: basic(alice.email, 'hunter2-not-mine') },
  })
  await fetch(`${server.url}/register`, {
    method: 'POST',
    headers: json,
    body: body.replace('{', '{"nonsense":'),
  })
  await fetch(`${server.url}/validate`, { method: 'POST', headers: bearer(alice) })
  await fetch(`${server.url}/me`, { headers: { authorization: `Bearer ${alice.token}broken` } })
  await as(alice, '/upload', {
    method: 'POST',
    body: 'no form',
    headers: { 'content-type': 'multipart/form-data' },
  })
  const done = await converted(alice, await media('m4a'))
  const link: { url: string } = JSON.parse(
    await (await as(alice, `/v1/files/${done.result?.id}/link`, { method: 'POST' })).text(),
  )
  await (await fetch(link.url)).arrayBuffer()
  await new Promise((resolve) => setTimeout(resolve, 200))

  const basicHash = basic(alice.email, 'hunter2-not-mine').slice('Basic '.length)
  const signature = link.url.slice(-30)
  const said = server.lines.join('\n')
  for (const secret of [...secrets, basicHash, signature, '$argon2']) expect(said).not.toContain(secret)
})

const DEEDS = ['conversion queued', 'conversion cancelled', 'converted', 'an attempt failed', 'delivery']
const DEED = { requestId: expect.any(String), conversionId: expect.any(String) }

it('each deed leaves one line: whose, of which request, which attempt, how long', async ({
  server,
  alice,
  mail,
}) => {
  const done = await converted(alice, await media('m4a'))
  const bad = new FormData()
  bad.set('file', new Blob(['no video']), 'talk.mkv')
  const failed = await as(alice, '/upload', { method: 'POST', body: bad })
  await ended(alice, failed.headers.get('x-conversion-id') ?? '')
  const { conversionId: cancelled } = await upload(alice, await longWav(60))
  await as(alice, `/v1/conversions/${cancelled}/cancel`, { method: 'POST' })
  await mail.nextMail(alice.email)
  const about = (id: string | null) =>
    logOf(server.lines).filter(({ conversionId, msg }) => conversionId === id && DEEDS.includes(`${msg}`))
  const told = await until('the lines of both deliveries', () => {
    const lines = [done.id, failed.headers.get('x-conversion-id')].map(about)
    return lines.every((each) => each.length >= 3) ? lines : undefined
  })
  const whose = { ...DEED, userId: alice.id }
  const work = { ...whose, attempt: 1, ms: expect.any(Number) }
  const [queued, delivery] = [
    { ...whose, msg: 'conversion queued' },
    { ...work, msg: 'delivery', channel: 'email', outcome: 'sent' },
  ]
  expect(told).toMatchObject([
    [queued, { ...work, msg: 'converted', convertMs: expect.any(Number) }, delivery],
    [queued, { ...work, msg: 'an attempt failed', code: 'MEDIA_UNREADABLE', again: false }, delivery],
  ])
  expect(about(cancelled)).toMatchObject([queued, { ...whose, msg: 'conversion cancelled' }])
})

it('no e-mail address is in a log, whatever a mail server says', async ({ server, alice }) => {
  await converted(alice, await media('m4a'))
  expect(logOf(server.lines).length).toBeGreaterThan(0)
  const lines = server.lines.filter((line) => line.startsWith('{'))
  expect(lines.filter((line) => /[\w.+-]+@[\w-]+\.\w+/.test(line))).toEqual([])
})
