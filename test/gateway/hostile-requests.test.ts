import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bearer, blobsOf, openGateway } from './open-gateway.ts'

const FORM =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.mkv"\r\nContent-Type: video/x-matroska\r\n\r\nvideo\r\n' +
  '--x\r\nContent-Disposition: form-data; name="format"\r\n\r\nmp3\r\n--x--\r\n'

/** Some of its bytes changed, taken out or doubled. */
const damaged = (text: string) =>
  fc
    .array(
      fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '\r\n', '--x', '"', '\0', 'ä', ';', '--x--')),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((changes) => changes.reduce((made, [at, by]) => made.slice(0, at) + by + made.slice(at + 1), text))

/** The status of an answer to exactly these bytes; 0 when the connection just ends. */
async function statusOf(
  url: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const all = {
    host: hostname,
    connection: 'close',
    'content-length': `${Buffer.byteLength(body)}`,
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  await once(socket, 'close')
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

it('damaged forms are taken or refused, never a fault of ours, and what is refused leaves nothing', async () => {
  const { url, token, dataDir, library } = await openGateway({ settings: { stallTimeout: 2_000 } })
  const headers = {
    ...bearer(await token('alice@example.com')),
    'content-type': 'multipart/form-data; boundary=x',
  }
  let taken = 0
  await fc.assert(
    fc.asyncProperty(damaged(FORM), fc.constantFrom('/upload', '/v1/conversions'), async (body, path) => {
      const status = await statusOf(url, path, headers, body)
      expect([200, 202, 400]).toContain(status)
      if (status !== 400) taken += 1
    }),
    { numRuns: 300 },
  )
  expect(await blobsOf(dataDir)).toHaveLength(taken)
  expect(await library.conversions({ limit: 1_000 })).toHaveLength(taken)
})

it('damaged JSON and headers are refused, never a fault of ours', async () => {
  const { url } = await openGateway()
  const body = '{"email":"alice@example.com","password":"short"}'
  const header = fc.oneof(
    fc.string({ unit: fc.constantFrom('B', 'e', 'a', 'r', ' ', '.', 'x', '=', ':', '\t', '\u00e4') }),
    fc.constantFrom('Basic Og==', 'Basic =', 'Bearer ..', 'Bearer eyJ.e30.', 'Basic /w=='),
  )
  await fc.assert(
    fc.asyncProperty(
      damaged(body),
      header,
      fc.constantFrom(
        '/register',
        '/login',
        '/validate',
        '/upload?filename=a',
        '/v1/users',
        '/v1/sessions',
        '/v1/conversions',
      ),
      fc.constantFrom(
        'application/json',
        'text/plain',
        'x',
        'multipart/form-data',
        'application/json; charset="',
      ),
      async (text, authorization, path, type) => {
        const status = await statusOf(url, path, { authorization, 'content-type': type }, text)
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
      },
    ),
    { numRuns: 300 },
  )
})
