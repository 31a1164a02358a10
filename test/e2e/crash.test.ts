import { readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import {
  as,
  conversion,
  converted,
  download,
  ended,
  expectStatus,
  formOf,
  halfway,
  inState,
  newPerson,
  type Person,
  upload,
} from '../support/client.ts'
import { judge } from '../support/judge.ts'
import { openMailReceiver } from '../support/mail-receiver.ts'
import { longWav, media } from '../support/make-media.ts'
import { type Env, soundlift } from '../support/program.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'

/** Short enough that a lost worker is noticed within the test. */
const LEASE: Env = { LEASE: '3s' }

async function stage() {
  const mail = await openMailReceiver()
  const server = await startServer({ SMTP_URL: mail.url, ...LEASE })
  onTestFinished(async () => {
    await server.remove()
    await mail.close()
  })
  return { mail, server, person: await newPerson(server.url) }
}

it('kill -9 in the middle of a conversion: it ends once, with one result and one mail', async () => {
  const { mail, server, person } = await stage()
  const id = await halfway(person, await longWav(8))
  await server.kill()
  const again = await server.again()
  onTestFinished(() => again.remove())

  const done = await ended(person, id, 90_000)
  expect(done).toMatchObject({ state: 'done', partial: false, failure: null })
  await mail.nextMail(person.email)
  const bytes = await download(person, done.result?.id ?? '')
  expect(Math.abs((await judge(bytes)).seconds - 480)).toBeLessThan(1)

  await pause(3_000)
  expect(mail.mailsTo(person.email).length).toBe(1)
  const files = await (
    await fetch(`${person.url}/v1/files`, { headers: { authorization: `Bearer ${person.token}` } })
  ).text()
  const { items }: { items: { kind: string }[] } = JSON.parse(files)
  expect(items.map((item) => item.kind).sort()).toEqual(['result', 'source'])
  expect(await again.stop()).toBe(0)
})

it('kill -9 again and again: the attempts are counted, a conversion does not kill its workers for ever', async () => {
  const { mail, server, person } = await stage()
  const { conversionId: id } = await upload(person, await longWav(60))
  let running = server
  for (const attempt of [1, 2, 3]) {
    await until(`attempt ${attempt}`, async () => {
      const now = await conversion(person, id)
      return now.state === 'running' && now.attempt === attempt ? true : undefined
    })
    await running.kill()
    running = await running.again()
  }
  onTestFinished(() => running.remove())
  const failed = await ended(person, id)
  expect(failed).toMatchObject({ state: 'failed', attempt: 3, failure: { code: 'WORKER_LOST' } })
  expect((await mail.nextMail(person.email)).parsed.subject).toBe('MP3 Download failed')
})

it('kill -9 between the bytes of an upload and its rows: nothing is seen of it, and the sweep removes it', {
  tags: ['topology-one'],
}, async () => {
  const { server, person } = await stage()
  const kept = await converted(person, await media('m4a'))
  const before = await server.storedBytes()
  const database = new DatabaseSync(join(server.dataDir, 'soundlift.db'))
  database.exec('begin immediate') // no row can be written
  const body = await readFile(await media('m4a'))
  const answers = Promise.allSettled([
    as(person, '/upload', { method: 'POST', body: await formOf(await media('m4a')) }),
    as(person, '/upload?filename=raw.m4a', { method: 'POST', body }),
    as(person, '/v1/conversions', { method: 'POST', body: await formOf(await media('m4a')) }),
  ])
  await until('the bytes of all three', async () => {
    const whole = (await blobsIn(server.dataDir)).filter((path) => !path.includes('.unfinished'))
    return whole.length === 2 + 3 || undefined
  })
  await server.kill()
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  database.exec('rollback')
  database.close()

  const again = await server.again()
  onTestFinished(() => again.remove())
  const list = async (what: string) => JSON.parse(await expectStatus(await as(person, what), 200)).items
  expect(await list('/v1/files')).toHaveLength(2)
  expect(await list('/v1/conversions')).toMatchObject([{ id: kept.id }])
  const twoDaysAgo = Date.now() / 1000 - 2 * 86_400
  for (const path of await blobsIn(server.dataDir)) await utimes(path, twoDaysAgo, twoDaysAgo)
  const { out } = await soundlift(['retention', 'run', '--json'], { env: again.settings })
  expect(JSON.parse(out)).toMatchObject({ files: 0, orphans: 3 })
  expect(await again.storedBytes()).toBe(before)
  expect(await download(person, kept.result?.id ?? '')).toHaveLength(kept.result?.size ?? 0)
})

it('SIGTERM: what is under way is answered, a conversion that can be finished is, exit 0', async () => {
  const { mail, server, person } = await stage()
  const id = await halfway(person, await longWav(4))
  const slow = slowUpload(person)
  await pause(300)
  const stopped = server.stop()
  await until('readiness is off', async () => {
    const answer = await fetch(`${server.url}/readyz`).catch(() => ({ status: 503 }))
    return answer.status === 503 ? true : undefined
  })
  slow.finish()
  expect((await slow.answer).status).toBe(200)
  expect(await stopped).toBe(0)

  const again = await server.again()
  onTestFinished(() => again.remove())
  const done = await ended(person, id)
  expect(done).toMatchObject({ state: 'done', attempt: 1, partial: false })
  // One of them is about the slow upload, which is no video.
  await mail.nextMail(person.email, 2)
  expect(
    mail
      .mailsTo(person.email)
      .map(({ parsed }) => parsed.subject)
      .sort(),
  ).toEqual(['MP3 Download', 'MP3 Download failed'])
})

it('SIGTERM: a conversion that takes too long is handed back, and the attempt is not counted', async () => {
  const { server, person } = await stage()
  const id = await halfway(person, await longWav(600))
  const started = Date.now()
  expect(await server.stop()).toBe(0)
  expect(Date.now() - started).toBeLessThan(25_000)

  const again = await server.again()
  onTestFinished(() => again.remove())
  const running = await inState(person, id, ['running'])
  expect(running).toMatchObject({ attempt: 1, failure: null })
  await as(person, `/v1/conversions/${id}/cancel`, { method: 'POST' })
  expect(await again.stop()).toBe(0)
  // The source is there; nothing is left of the results that were begun.
  expect(await server.storedBytes()).toBe(running.source.size)
}, 90_000)

it('two SIGTERMs at rest are one: exit 0, at once', async () => {
  const { server } = await stage()
  const started = Date.now()
  expect(await server.stop()).toBe(0)
  expect(Date.now() - started).toBeLessThan(5_000)
})

/** Every file below the blob stores. */
async function blobsIn(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** A form upload that stands still until it is told to finish. */
function slowUpload(person: Person) {
  let finish = () => {}
  const body = new ReadableStream({
    start(controller) {
      const send = (text: string) => controller.enqueue(Buffer.from(text))
      send('--x\r\nContent-Disposition: form-data; name="file"; filename="slow.mkv"\r\n\r\nhalf')
      finish = () => {
        send(' and half\r\n--x--\r\n')
        controller.close()
      }
    },
  })
  const headers = {
    authorization: `Bearer ${person.token}`,
    'content-type': 'multipart/form-data; boundary=x',
  }
  const answer = fetch(`${person.url}/upload`, { method: 'POST', headers, body, duplex: 'half' })
  return { answer, finish: () => finish() }
}
