import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, it as plainIt } from 'vitest'
import { as, converted, download, expectStatus, login, newPerson, sendJson } from '../support/client.ts'
import { idIn, openMailReceiver } from '../support/mail-receiver.ts'
import { media } from '../support/make-media.ts'
import { soundlift } from '../support/program.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

it('the mail: subject, sentence, name, and no base64', async ({ alice, mail }) => {
  const done = await converted(alice, await media('m4a'))
  const received = await mail.nextMail(alice.email)
  const { subject, text, messageId, to } = received.parsed
  expect(subject).toBe('MP3 Download')
  expect(to?.map(({ address }) => address)).toEqual([alice.email])
  expect(idIn(received)).toBe(done.result?.id)
  expect(text).toContain('m4a-3')
  expect(messageId).toMatch(/^<[^\s<>@]+@[^\s<>@]+>$/)
  expect(received.raw).toMatch(/^Content-Transfer-Encoding: (7bit|quoted-printable)\r$/im)
  expect((await download(alice, idIn(received))).length).toBe(done.result?.size)
})

it('the link in the mail leads to the file', async ({ server, mail, admin }) => {
  expect(admin.id).not.toBe('')
  const carol = await newPerson(server.url)
  const done = await converted(carol, await media('m4a'))
  const { parsed } = await mail.nextMail(carol.email)
  const links = [...(parsed.text ?? '').matchAll(/http:\/\/\S+/g)].map(([url]) => url)
  expect(links.every((url) => url.startsWith(server.url))).toBe(true)
  const toFile = links.find((url) => url.includes(done.result?.id ?? '?'))
  expect(toFile, `no link with the id in:\n${parsed.text}`).toBeDefined()
  const opened = await as(carol, (toFile ?? '').slice(server.url.length))
  expect((await opened.arrayBuffer()).byteLength).toBe(done.result?.size)
})

it('mails switched off in the preferences do not come, and come again when switched on', async ({
  server,
  mail,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const dora = await newPerson(server.url)
  const preferences = async () => JSON.parse(await expectStatus(await as(dora, '/v1/preferences'), 200))
  const set = (enabled: boolean) => sendJson(dora, 'PUT', '/v1/preferences', { email: { enabled } })
  expect(await preferences()).toMatchObject({ email: { enabled: true } })
  await expectStatus(await set(false), 200)
  expect(await preferences()).toMatchObject({ email: { enabled: false } })
  await converted(dora, await media('m4a'))
  await pause(1_500)
  await expectStatus(await set(true), 200)
  const second = await converted(dora, await media('m4a'))
  expect(idIn(await mail.nextMail(dora.email))).toBe(second.result?.id)
  await pause(500)
  expect(mail.mailsTo(dora.email).length).toBe(1)
})

it('the signed link in the mail switches them off, a forged one does not', async ({
  server,
  mail,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const erin = await newPerson(server.url)
  await converted(erin, await media('m4a'))
  const { parsed } = await mail.nextMail(erin.email)
  const header = parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
  const [, link = ''] = /<(http[^>]+)>/.exec(header) ?? []
  expect(parsed.text).toContain(link)
  const enabled = async () =>
    JSON.parse(await expectStatus(await as(erin, '/v1/preferences'), 200)).email.enabled

  const forged = `${link.slice(0, -3)}AAA`
  expect((await fetch(forged, { method: 'POST' })).status).toBe(403)
  // Programs that look at every link of a mail must not switch anything off: a page with a button comes.
  expect((await fetch(link)).status).toBe(200)
  expect(await enabled()).toBe(true)
  // One click (RFC 8058).
  const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }
  expect((await fetch(link, click)).status).toBe(200)
  expect(await enabled()).toBe(false)
})

it('a forgotten password: the link in a mail leads to a page that sets another', async ({
  server,
  mail,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const gina = await newPerson(server.url)
  const ask = (email: string) =>
    fetch(`${server.url}/v1/password-resets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    })
  expect((await ask(gina.email)).status).toBe(202)
  const { parsed } = await mail.nextMail(gina.email)
  const [link = ''] = /http:\/\/\S+\/reset\?token=\S+/.exec(parsed.text ?? '') ?? []
  expect((await fetch(link)).status).toBe(200)
  const set = { method: 'POST', body: new URLSearchParams({ password: 'another horse' }) }
  expect((await fetch(link, set)).status).toBe(200)
  expect(await login(server.url, gina.email, 'another horse')).not.toBe('')
  expect((await fetch(link, set)).status).toBe(403)
  await expect(login(server.url, gina.email, gina.password)).rejects.toThrow('401')
})

it('another address gets the mails once the code that went to it came back', async ({
  server,
  mail,
  admin,
}) => {
  expect(admin.id).not.toBe('')
  const hans = await newPerson(server.url)
  const other = `other-${hans.email}`
  await expectStatus(await sendJson(hans, 'PUT', '/v1/preferences', { email: { address: other } }), 200)
  const { parsed } = await mail.nextMail(other)
  const [, code = ''] = /Your code: (\d{6})/.exec(parsed.text ?? '') ?? []
  await expectStatus(await sendJson(hans, 'POST', '/v1/preferences/email/confirm', { code }), 200)
  const { result } = await converted(hans, await media('m4a'))
  expect(idIn(await mail.nextMail(other, 2))).toBe(result?.id)
  expect(mail.mailsTo(hans.email)).toEqual([])
})

plainIt('without SMTP_URL mails are kept, and `soundlift outbox` shows them', async () => {
  const { server, frank } = await withoutMailServer()
  const listed = await until('a kept mail', async () => {
    const { code, out } = await soundlift(['outbox'], { env: server.settings })
    expect(code).toBe(0)
    return out.includes(frank.email) ? out : undefined
  })
  expect(listed).toContain('kept')
})

plainIt('`soundlift deliveries` lists them and sends one again, which is kept again', async () => {
  const { server, frank } = await withoutMailServer()
  const run = (...args: string[]) => soundlift(['deliveries', ...args], { env: server.settings })
  const kept = () =>
    until('a kept delivery', async () => {
      const { out } = await run('list', '--state', 'kept', '--json')
      return JSON.parse(out)[0]
    })
  const delivery = await kept()
  expect(delivery).toMatchObject({ channel: 'email', address: frank.email, state: 'kept', fence: 1 })
  expect((await run('list')).out).toContain(`${delivery.id}  `)
  expect(await run('replay', delivery.id)).toMatchObject({ code: 0 })
  expect(await kept()).toMatchObject({ id: delivery.id, attempt: 1, fence: 3 })
  expect((await run('replay', '0123456789abcdef01234567')).code).toBe(66)
  expect((await run('list', '--state', 'lost')).code).toBe(64)
})

plainIt('in one process kept mails are files too', { tags: ['topology-one'] }, async () => {
  const { server, frank, done } = await withoutMailServer()
  const outbox = join(server.dataDir, 'outbox')
  const [name = ''] = await until('a kept mail', async () => {
    const names = (await readdir(outbox).catch(() => [])).filter((each) => each.endsWith('.eml'))
    return names.length > 0 ? names : undefined
  })
  const kept = await readFile(join(outbox, name), 'utf8')
  expect(kept).toContain(`mp3 file_id: ${done.result?.id} is now ready!`)
  expect(kept).toMatch(new RegExp(`^To: .*${frank.email}`, 'm'))
})

/** A server that has none, and someone whose video it has converted. */
async function withoutMailServer() {
  const server = await startServer()
  onTestFinished(() => server.remove())
  const frank = await newPerson(server.url)
  return { server, frank, done: await converted(frank, await media('m4a')) }
}

plainIt('a mail server that is away: the mail comes when it is back', async () => {
  const gone = await openMailReceiver()
  await gone.close()
  const server = await startServer({ SMTP_URL: gone.url })
  onTestFinished(() => server.remove())
  const grace = await newPerson(server.url)
  expect((await converted(grace, await media('m4a'))).state).toBe('done')
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await pause(500)
  const back = await openMailReceiver(Number(new URL(gone.url).port))
  onTestFinished(() => back.close())
  await back.nextMail(grace.email)
})
