/** @module-tag topology-one */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  as,
  converted,
  download,
  ended,
  expectStatus,
  halfway,
  newPerson,
  type Person,
} from '../support/client.ts'
import { judge } from '../support/judge.ts'
import { idIn, type MailReceiver, openMailReceiver } from '../support/mail-receiver.ts'
import { fileOf, longWav, media } from '../support/make-media.ts'
import { absentFrom, PAIRINGS } from '../support/pairings.ts'
import { type Server, startServer } from '../support/server.ts'
import { many } from '../support/topologies.ts'

for (const pairing of PAIRINGS) {
  const absent = await absentFrom(pairing)
  const without = absent.length > 0 ? `, left out: no ${absent.join(', ')}` : ''
  describe.skipIf(absent.length > 0)(`four processes on ${pairing.name}${without}`, () => {
    let server: Server
    let mail: MailReceiver
    beforeAll(async () => {
      mail = await openMailReceiver()
      server = await startServer({ SMTP_URL: mail.url, LEASE: '3s' }, many(pairing))
    })
    afterAll(async () => {
      await server?.remove()
      await mail.close()
    })
    const post = (person: Person, path: string) => as(person, path, { method: 'POST' })

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
      const id = await halfway(alice, await longWav(4))
      await expectStatus(await post(alice, `/v1/conversions/${id}/cancel`), 200)
      expect(await ended(alice, id)).toMatchObject({ state: 'cancelled', result: null })
      await expectStatus(await post(alice, `/v1/conversions/${id}/retry`), 202)
      expect(await ended(alice, id)).toMatchObject({ state: 'done', attempt: 1, partial: false })
    })

    it('a converter is killed: another takes over, one result and one mail', async () => {
      const alice = await newPerson(server.url)
      const id = await halfway(alice, await longWav(4))
      await server.add('converter')
      await server.kill('converter')
      const done = await ended(alice, id, 90_000)
      expect(done).toMatchObject({ state: 'done', attempt: 2, partial: false })
      await mail.nextMail(alice.email)
      expect(
        Math.abs((await judge(await download(alice, done.result?.id ?? ''))).seconds - 240),
      ).toBeLessThan(1)
      expect(mail.mailsTo(alice.email)).toHaveLength(1)
    })
  })
}
