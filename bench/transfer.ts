import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { bearer, newPerson, type Person } from '../test/support/client.ts'
import { startServer } from '../test/support/server.ts'
import { inMb, MB, median, peakDuring, type Row, restingBytes, secondsOf, share } from './measure.ts'

const SMALL = 200 * MB
const LARGE = 2048 * MB
const TURNS = 3
/** Bytes the memory may grow by while a file goes through. */
const GROWTH_AIM = 100 * MB
const CHUNK = Buffer.alloc(MB, 'sound and picture ')

/** Bytes per second in and out, and how the memory stays while 2 GB go through. */
export async function benchTransfer(): Promise<Row[]> {
  const server = await startServer({ RAW_UPLOAD_LIMIT: '4GB' })
  try {
    const idle = await restingBytes(server.pid)
    const person = await newPerson(server.url)
    const speeds = await benchSpeed(person)
    const peak = (deed: () => Promise<unknown>) => peakDuring(server.pid, deed)

    let id = ''
    const sending = await peak(async () => {
      id = await send(person, LARGE)
    })
    const receiving = await peak(() => receive(person, id))
    await remove(person, id)
    const form = await peak(() => sendForm(person, LARGE))
    return [
      ...speeds,
      growth('a raw upload', sending - idle),
      growth('a download', receiving - idle),
      growth('an upload by a form', form - idle),
    ]
  } finally {
    await server.remove()
  }
}

async function benchSpeed(person: Person): Promise<Row[]> {
  const up: number[] = []
  const down: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    let id = ''
    const sent = await secondsOf(async () => {
      id = await send(person, SMALL)
    })
    up.push(SMALL / sent)
    down.push(SMALL / (await secondsOf(() => receive(person, id))))
    await remove(person, id)
  }
  return [
    { what: 'upload', value: `${inMb(median(up))}/s`, against: '', ratio: '' },
    { what: 'download', value: `${inMb(median(down))}/s`, against: '', ratio: '' },
  ]
}

const growth = (what: string, bytes: number): Row => ({
  what: `memory during ${what} of 2 GB`,
  value: `idle ${bytes < 0 ? '-' : '+'} ${inMb(Math.abs(bytes))}`,
  against: `≤ idle + ${inMb(GROWTH_AIM)}`,
  ratio: share(bytes, GROWTH_AIM),
})

function* bytes(count: number): Generator<Buffer> {
  for (let sent = 0; sent < count; sent += CHUNK.length) yield CHUNK
}

/** A raw upload of so many bytes; the id of the file. */
async function send(person: Person, size: number): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': size }
  const answer = await post(person, '/upload?filename=large.bin', headers, bytes(size))
  const { fileId }: { fileId: string } = JSON.parse(await text(answer))
  return fileId
}

/** The same by a form. The conversion that follows can only fail: what it takes is not looked at. */
async function sendForm(person: Person, size: number): Promise<void> {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const body = function* () {
    yield '--x\r\nContent-Disposition: form-data; name="file"; filename="large.mkv"\r\n\r\n'
    yield* bytes(size)
    yield '\r\n--x--\r\n'
  }
  await text(await post(person, '/upload', headers, body()))
}

async function post(
  person: Person,
  path: string,
  headers: Record<string, string | number>,
  body: Iterable<Buffer | string>,
): Promise<IncomingMessage> {
  const sent = request(`${person.url}${path}`, { method: 'POST', headers: { ...bearer(person), ...headers } })
  const answered = answerOf(sent)
  await pipeline(Readable.from(body), sent)
  const answer = await answered
  if ((answer.statusCode ?? 0) >= 300) throw new Error(`${path} answered ${answer.statusCode}`)
  return answer
}

/** Downloads a file and throws it away. */
async function receive(person: Person, id: string): Promise<void> {
  const asked = request(`${person.url}/v1/files/${id}/content`, { headers: bearer(person) })
  const answered = answerOf(asked)
  asked.end()
  for await (const _ of await answered);
}

async function remove(person: Person, id: string): Promise<void> {
  await fetch(`${person.url}/v1/files/${id}`, { method: 'DELETE', headers: bearer(person) })
}

const answerOf = (sent: ReturnType<typeof request>) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
