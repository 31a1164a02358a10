import { expect } from 'vitest'
import { conversion, converted, download, ended, halfway, inState } from '../support/client.ts'
import { fileOf, longWav, media } from '../support/make-media.ts'
import { type Env, soundlift } from '../support/program.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer()

const run = (env: Env, ...args: string[]) => soundlift(['conversions', ...args], { env })
/** The document of `--json`; standard output holds nothing else. */
const document = async (env: Env, ...args: string[]) => {
  const { code, out, err } = await run(env, ...args, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out)
}

it('list: all, of a state, of an owner, so many', async ({ server, alice, bob }) => {
  const done = await converted(alice, await media('m4a'))
  const failed = await converted(bob, await fileOf('no-sound.mkv', 'words'))
  const { settings } = server
  const ids = async (...args: string[]) =>
    (await document(settings, 'list', ...args)).map(({ id }: { id: string }) => id)
  expect(await ids()).toEqual([failed.id, done.id])
  expect(await ids('--state', 'failed')).toEqual([failed.id])
  expect(await ids('--owner', alice.email.toUpperCase())).toEqual([done.id])
  expect(await ids('-n', '1')).toEqual([failed.id])
  const { out } = await run(settings, 'list', '--state', 'failed')
  expect(out).toMatch(new RegExp(`^${failed.id} .*failed .*${bob.email} .*MEDIA_\\w+\\)\n$`))
  expect((await run(settings, 'list', '--state', 'lost')).code).toBe(64)
  expect((await run(settings, 'list', '--owner', 'nobody@example.com')).code).toBe(67)
})

it('show: attempts, what mends a failure, result and receipt', async ({ server, alice }) => {
  const { settings } = server
  const failed = await converted(alice, await fileOf('words.mkv', 'words'))
  const shown = await run(settings, 'show', failed.id)
  expect(shown.out).toMatch(/attempts {2}1 of 3\n[\s\S]*failure {3}MEDIA_\w+: .+\n {2}mend {6}\S/)
  const done = await converted(alice, await media('m4a'))
  const lines = await run(settings, 'show', done.id)
  expect(lines.out).toMatch(new RegExp(`result {4}${done.result?.id}, .*MB|KB`))
  expect(lines.out).toMatch(/receipt {3}.*plan \w+, [\d.]+ s, FFmpeg.* \d/)
  const [told] = await document(settings, 'show', done.id)
  expect(told).toMatchObject({ id: done.id, state: 'done', createdAt: done.createdAt, failure: null })
  expect(told.receipt).toMatchObject({ result: { bytes: done.result?.size } })
})

it('cancel ends what runs, retry makes it whole, and the converters hear of it', async ({
  server,
  alice,
}) => {
  const { settings } = server
  const id = await halfway(alice, await longWav(20))
  const { out } = await run(settings, 'cancel', id)
  expect(out).toContain(`${id} is cancelled`)
  expect(await conversion(alice, id)).toMatchObject({ state: 'cancelled' })
  const again = await run(settings, 'retry', id)
  const called = settings['BROKER_URL']?.startsWith('amqp')
  expect(again.out).toContain(called ? 'the converters are called' : 'a converter looks within 3 s')
  expect(await inState(alice, id, ['running', 'done'])).toMatchObject({ attempt: 1 })
  const done = await ended(alice, id, 100_000)
  expect(done).toMatchObject({ state: 'done' })
  expect((await download(alice, done.result?.id ?? '')).length).toBe(done.result?.size)
})

it('what can not be done is told with a code, to programs too', async ({ server, alice }) => {
  const { settings } = server
  const { id } = await converted(alice, await media('m4a'))
  for (const verb of ['retry', 'cancel']) expect((await run(settings, verb, id)).code).toBe(65)
  expect((await run(settings, 'show', '0123456789abcdef01234567')).code).toBe(66)
  expect((await run(settings, 'show', 'x')).code).toBe(64)
  expect((await run(settings, 'forget', id)).code).toBe(64)
  const { code, out, err } = await run(settings, 'retry', id, '--json')
  expect(code).toBe(65)
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'CONVERSION_NOT_RETRYABLE' } })
  expect(err).toContain('soundlift: ')
})
