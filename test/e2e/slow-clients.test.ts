/** @module-tag topology-one */
import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { present } from '../support/announce-absent.ts'
import { as, bearer, converted, expectStatus, newPerson, type Person } from '../support/client.ts'
import { launch, ROOT } from '../support/program.ts'
import { startServer } from '../support/server.ts'

const SECONDS = 12
const CONNECTIONS = 1_000
/** Milliseconds that a small request of a normal user may take, as a median, on a machine that is shared. */
const AIM = 250

/** Connections that send a few bytes now and then: their headers (-H) or a body (-B), or read an answer so (-X). */
function slowly(url: string, ...kind: readonly string[]) {
  const options = ['-c', `${CONNECTIONS}`, '-r', '500', '-i', '3', '-l', `${SECONDS}`, '-p', '10']
  const program = launch('slowhttptest', [...kind, ...options, '-u', url])
  onTestFinished(async () => {
    program.signal('SIGKILL')
    await program.exit
  })
  return program
}

/** How many there were, open or closed again, by its last word. */
function connectionsIn(lines: readonly string[]): number {
  const said = stripVTControlCharacters(lines.join('\n'))
  const last = (state: string) => Number(said.match(new RegExp(`(?<=${state}:\\s*)\\d+`, 'g'))?.at(-1) ?? 0)
  return last('connected') + last('closed')
}

/** A link to a file that no buffer between us holds. */
async function largeLink(person: Person): Promise<string> {
  const body = Buffer.alloc(20 * 1024 ** 2)
  const sent = await as(person, '/upload?filename=large.bin', { method: 'POST', body })
  const { fileId }: { fileId: string } = JSON.parse(await expectStatus(sent, 201))
  const link = await as(person, `/v1/files/${fileId}/link`)
  const { url }: { url: string } = JSON.parse(await expectStatus(link, 200))
  return url
}

it.skipIf(!present('slowhttptest')).each([
  ['headers', ['-H']],
  ['bodies', ['-B', '-s', '100000']],
  ['reading', ['-X', '-w', '512', '-y', '1024', '-n', '2', '-z', '32']],
])('a thousand clients with slow %s hurt only themselves', async (kind, options) => {
  const server = await startServer()
  onTestFinished(() => server.remove())
  const person = await newPerson(server.url)
  const target = kind === 'reading' ? await largeLink(person) : `${server.url}/upload`
  const slow = slowly(target, ...options)
  await pause(4_000)
  const end = Date.now() + (SECONDS - 6) * 1_000
  const times: number[] = []
  do {
    const asked = performance.now()
    expect((await as(person, '/v1/conversions')).status).toBe(200)
    times.push(performance.now() - asked)
    await pause(100)
  } while (Date.now() < end)
  expect((await converted(person, `${ROOT}samples/hello.mkv`)).state).toBe('done')
  times.sort((a, b) => a - b)
  const median = times[times.length >> 1] ?? Number.NaN
  console.log(`${times.length} requests beside them: median ${median.toFixed(0)} ms`)
  expect(median).toBeLessThan(AIM)
  await slow.exit
  // Whoever has no token is let go by the headers, long before its body is there.
  if (kind === 'bodies') expect(slow.lines.join('\n')).toContain('No open connections left')
  else expect(connectionsIn(slow.lines)).toBeGreaterThan(CONNECTIONS * 0.8)
})

it('an upload with a token and a slow body keeps its place, and others have theirs', async () => {
  const server = await startServer({ UPLOADS_PER_USER: '2' })
  onTestFinished(() => server.remove())
  const [slow, normal] = [await newPerson(server.url), await newPerson(server.url)]
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const trickle = async function* () {
    for (;;) {
      yield new TextEncoder().encode('x')
      await pause(500)
    }
  }
  const begin = () =>
    fetch(`${server.url}/upload?filename=a`, {
      method: 'POST',
      headers: bearer(slow),
      body: ReadableStream.from(trickle()),
      duplex: 'half',
      signal: gone.signal,
    })
  const begun = Array.from({ length: 5 }, () => begin().then(({ status }) => status))
  const refused = (await Promise.all(begun.map((each) => Promise.race([each, pause(3_000)])))).filter(Boolean)
  expect(refused).toEqual([503, 503, 503])
  expect((await converted(normal, `${ROOT}samples/hello.mkv`)).state).toBe('done')
  for (const each of begun) each.catch(() => {})
})
