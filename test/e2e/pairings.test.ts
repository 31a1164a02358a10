/** @module-tag topology-one */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  as,
  basic,
  converted,
  download,
  ended,
  expectStatus,
  formOf,
  halfway,
  newPerson,
  type Person,
  sendJson,
} from '../support/client.ts'
import { judge } from '../support/judge.ts'
import { idIn, type MailReceiver, openMailReceiver } from '../support/mail-receiver.ts'
import { fileOf, longWav, media } from '../support/make-media.ts'
import { absentFrom, FILE_SERVICE, PAIRINGS, type Pairing } from '../support/pairings.ts'
import { type Server, startServer } from '../support/server.ts'
import { many } from '../support/topologies.ts'

/** Tests on a pairing; when this machine lacks a back end of it, their title says so. */
async function describeOn(pairing: Pairing, tests: () => void): Promise<void> {
  const absent = await absentFrom(pairing)
  const without = absent.length > 0 ? `, left out: no ${absent.join(', ')}` : ''
  describe.skipIf(absent.length > 0)(`${pairing.name}${without}`, tests)
}

const post = (person: Person, path: string) => as(person, path, { method: 'POST' })

for (const pairing of PAIRINGS) {
  await describeOn(pairing, () => {
    let server: Server
    let mail: MailReceiver
    beforeAll(async () => {
      mail = await openMailReceiver()
      server = await startServer({ SMTP_URL: mail.url, LEASE: '6s' }, many(pairing))
    })
    afterAll(async () => {
      await server?.remove()
      await mail.close()
    })
    it('register, login, upload, mail, download by the id in the mail', async () => {
      const alice = await newPerson(server.url)
      const made = await converted(alice, await media('mkv'))
      const id = idIn(await mail.nextMail(alice.email))
      expect(made).toMatchObject({ state: 'done', attempt: 1, partial: false, result: { id } })
      const verdict = await judge(await download(alice, id))
      expect(verdict).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2, bitrate: 128_000 })
    })

    it('a part of a result, its link, and deleting it', async () => {
      const alice = await newPerson(server.url)
      const { result } = await converted(alice, await media('m4a'))
      const whole = await download(alice, result?.id ?? '')
      const content = `/v1/files/${result?.id}/content`
      const part = await as(alice, content, { headers: { range: 'bytes=100-199' } })
      expect(part.status).toBe(206)
      expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(100, 200))
      const link = await expectStatus(await post(alice, `/v1/files/${result?.id}/link`), 200)
      const opened = await fetch(JSON.parse(link).url)
      expect(Buffer.from(await opened.arrayBuffer())).toEqual(whole)
      await expectStatus(await as(alice, `/v1/files/${result?.id}`, { method: 'DELETE' }), 204)
      await expectStatus(await as(alice, content), 404)
    })

    it("another's file is not found", async () => {
      const [alice, bob] = [await newPerson(server.url), await newPerson(server.url)]
      const { id, result } = await converted(alice, await media('m4a'))
      await expectStatus(await as(bob, `/download?fid=${result?.id}`), 404)
      await expectStatus(await as(bob, `/v1/conversions/${id}`), 404)
      await expectStatus(await as(bob, `/file/${result?.id}`), 403)
    })

    it('a failed conversion is told by mail', async () => {
      const alice = await newPerson(server.url)
      const { failure } = await converted(alice, await fileOf('empty.mkv', ''))
      expect(failure).toMatchObject({ code: 'MEDIA_EMPTY' })
      const { subject, text } = (await mail.nextMail(alice.email)).parsed
      expect(subject).toBe('MP3 Download failed')
      expect(text).toContain(failure?.text)
    })

    it('cancel ends what runs, retry makes it', async () => {
      const alice = await newPerson(server.url)
      const id = await halfway(alice, await longWav(10))
      await expectStatus(await post(alice, `/v1/conversions/${id}/cancel`), 200)
      expect(await ended(alice, id)).toMatchObject({ state: 'cancelled', result: null })
      await expectStatus(await post(alice, `/v1/conversions/${id}/retry`), 202)
      expect(await ended(alice, id)).toMatchObject({ state: 'done', attempt: 1, partial: false })
    })

    it('a converter is killed: another takes over, one result and one mail', async () => {
      const alice = await newPerson(server.url)
      const id = await halfway(alice, await longWav(10))
      await server.kill('converter')
      await server.add('converter')
      const done = await ended(alice, id, 90_000)
      expect(done).toMatchObject({ state: 'done', partial: false })
      expect(done.attempt).toBeGreaterThan(1)
      await mail.nextMail(alice.email)
      expect(
        Math.abs((await judge(await download(alice, done.result?.id ?? ''))).seconds - 600),
      ).toBeLessThan(1)
      expect(mail.mailsTo(alice.email)).toHaveLength(1)
    })
  })
}

await describeOn(FILE_SERVICE, () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({}, many(FILE_SERVICE))
  })
  afterAll(() => server?.remove())

  it('register, JSON login, raw upload, and the link opens without a token', async () => {
    const { email, password } = await newPerson(server.url)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ email, password })
    const login = await fetch(`${server.url}/login`, { method: 'POST', headers, body })
    const { token }: { token: string } = JSON.parse(await expectStatus(login, 200))
    const authorization = `Bearer ${token}`
    const sent = { method: 'POST', headers: { authorization }, body: '%PDF-1.7 any bytes will do' }
    const uploaded = await fetch(`${server.url}/upload?filename=test.pdf`, sent)
    const { fileId }: { fileId: string } = JSON.parse(await expectStatus(uploaded, 201))
    const asked = await fetch(`${server.url}/file/${fileId}`, { headers: { authorization } })
    const { url, expiresIn }: { url: string; expiresIn: number } = JSON.parse(await expectStatus(asked, 200))
    expect(expiresIn).toBe(900)
    const opened = await fetch(url)
    expect(opened.headers.get('content-disposition')).toMatch(/test\.pdf/)
    expect(await expectStatus(opened, 200)).toBe(sent.body)
  })

  it('what would be converted is refused with a reason, and nothing of it is stored', async () => {
    const alice = await newPerson(server.url)
    const before = await server.storedBytes()
    const path = await media('m4a')
    const form = { method: 'POST', body: await formOf(path) }
    expect(await expectStatus(await as(alice, '/upload', form), 503)).toBe('service unavailable')
    const refusals = [
      await as(alice, '/v1/conversions', { method: 'POST', body: await formOf(path) }),
      await sendJson(alice, 'POST', '/v1/conversions', { fileId: '0123456789abcdef01234567' }),
    ]
    for (const answer of refusals)
      expect(JSON.parse(await expectStatus(answer, 503))).toMatchObject({ code: 'CONVERSIONS_OFF' })
    const raw = { method: 'POST', body: 'no video' }
    await expectStatus(await as(alice, '/upload?filename=a.mkv&convert=mp3', raw), 503)
    expect(await server.storedBytes()).toBe(before)
  })

  it('with AUTH_LOCAL a gateway checks tokens by itself, also while auth is away', async () => {
    const local = await startServer({ AUTH_LOCAL: '1' }, many(FILE_SERVICE))
    try {
      const alice = await newPerson(local.url)
      const login = { method: 'POST', headers: { authorization: basic(alice.email, alice.password) } }
      await local.kill('auth')
      const upload = (person: Person) =>
        as(person, '/upload?filename=test.pdf', { method: 'POST', body: 'any bytes' })
      await expectStatus(await upload(alice), 201)
      const [head, claims, signature = ''] = alice.token.split('.')
      const forged = `${head}.${claims}.${signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`
      await expectStatus(await upload({ ...alice, token: forged }), 401)
      await expectStatus(await fetch(`${local.url}/login`, login), 503)
    } finally {
      await local.remove()
    }
  })
})
