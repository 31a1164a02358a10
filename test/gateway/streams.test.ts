import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { addResult, claim } from './add-result.ts'
import { bearer, blobsOf, form, type Opened, openGateway, told } from './open-gateway.ts'

const HEAD_OF_FORM = '--x\r\ncontent-disposition: form-data; name="f"; filename="a.mkv"\r\n\r\n'
const END_OF_FORM = '\r\n--x--\r\n'

/** A connection on which an upload has begun; the headers say how much would come. */
function begin(url: string, path: string, headers: Record<string, string>): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  const lines = Object.entries({ host: hostname, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return socket
}

/** Everything a connection gives until it pauses or ends after a whole answer. */
async function answerOn(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  while (!/\r\n\r\n/.test(text) && !socket.destroyed)
    await Promise.race([once(socket, 'data'), once(socket, 'close')])
  await delay(50)
  return text
}

async function aliceOn(opened: Opened) {
  return bearer(await opened.token('alice@example.com'))
}

const FORM = { 'content-type': 'multipart/form-data; boundary=x', 'transfer-encoding': 'chunked' }
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

it('an upload that stops is ended with 408 and leaves nothing', async () => {
  const opened = await openGateway({ settings: { stallTimeout: 300 } })
  const alice = await aliceOn(opened)
  const raw = begin(opened.url, '/upload?filename=a', { ...alice, 'content-length': '1000' })
  raw.write('some')
  const inFile = begin(opened.url, '/upload', { ...alice, ...FORM })
  inFile.write(chunk(`${HEAD_OF_FORM}some`))
  const beforeFile = begin(opened.url, '/upload', { ...alice, ...FORM })
  beforeFile.write(chunk('--x\r\ncontent-disp'))
  for (const socket of [raw, inFile, beforeFile]) expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 408 /)
  expect(await blobsOf(opened.dataDir)).toEqual([])
})

it('a slow one that goes on succeeds, however long it takes', async () => {
  const opened = await openGateway({ settings: { stallTimeout: 400 } })
  const socket = begin(opened.url, '/upload', { ...(await aliceOn(opened)), ...FORM })
  socket.write(chunk(HEAD_OF_FORM))
  for (let each = 0; each < 12; each++) {
    socket.write(chunk('0123456789'))
    await delay(100)
  }
  socket.write(`${chunk(END_OF_FORM)}0\r\n\r\n`)
  const answer = await answerOn(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  const id = /x-file-id: (\w+)/i.exec(answer)?.[1] ?? ''
  expect((await opened.library.file(id))?.size).toBe(120)
})

it('a client that goes away leaves nothing', async () => {
  const opened = await openGateway()
  const alice = await aliceOn(opened)
  const raw = begin(opened.url, '/upload?filename=a', { ...alice, 'content-length': '1000' })
  raw.write('some')
  const inForm = begin(opened.url, '/upload', { ...alice, ...FORM })
  inForm.write(chunk(`${HEAD_OF_FORM}some`))
  await expect.poll(() => blobsOf(opened.dataDir)).toHaveLength(2)
  raw.destroy()
  inForm.destroy()
  await expect.poll(() => blobsOf(opened.dataDir)).toEqual([])
  expect(await opened.library.files({ limit: 9 })).toEqual([])
})

it('who is refused sees the answer while still sending', async () => {
  const opened = await openGateway({ settings: { uploadLimit: 1024 ** 2, rawUploadLimit: 1024 ** 2 } })
  const alice = await aliceOn(opened)
  // What is sent is more than the buffers between us hold: it can only be sent whole when it is also read.
  const send = async (path: string, headers: Record<string, string>) => {
    const sending = request(`${opened.url}${path}`, { method: 'POST', headers })
    const [answered, sent] = [once(sending, 'response'), once(sending, 'finish')]
    if (headers['content-type']) sending.write(HEAD_OF_FORM)
    for (let each = 0; each < 20; each++) sending.write(Buffer.alloc(1024 ** 2))
    sending.end()
    const [answer] = await answered
    answer.resume()
    await sent
    return answer.statusCode
  }
  expect(await send('/upload?filename=a', alice)).toBe(413)
  expect(await send('/upload', { ...alice, ...FORM })).toBe(413)
  expect(await send('/upload', { ...FORM })).toBe(401)
  expect(await send('/v1/conversions', { ...FORM })).toBe(401)
  expect(await send('/v1/users', { 'content-type': 'application/json' })).toBe(413)
  expect(await blobsOf(opened.dataDir)).toEqual([])
})

it('who waits for 100-continue is refused before sending anything', async () => {
  const opened = await openGateway()
  const expecting = { expect: '100-continue', 'content-length': '1000000' }
  const refused = begin(opened.url, '/upload?filename=a', expecting)
  expect(await answerOn(refused)).toMatch(/^HTTP\/1\.1 401 /)
  const welcome = begin(opened.url, '/upload?filename=a', {
    ...(await aliceOn(opened)),
    ...expecting,
    'content-length': '1',
  })
  expect(await answerOn(welcome)).toMatch(/^HTTP\/1\.1 100 /)
  welcome.write('x')
  expect(await answerOn(welcome)).toMatch(/HTTP\/1\.1 201 /)
})

it('a large upload keeps memory flat and is stored whole', async () => {
  const block = randomBytes(1024 ** 2)
  const blocks = 512
  const size = blocks * block.length
  const opened = await openGateway({ settings: { rawUploadLimit: size } })
  const hash = createHash('sha256')
  const before = process.memoryUsage().arrayBuffers
  let [sent, peak] = [0, 0]
  const body = new ReadableStream({
    pull(controller) {
      if (sent === blocks) return controller.close()
      sent += 1
      hash.update(block)
      peak = Math.max(peak, process.memoryUsage().arrayBuffers)
      controller.enqueue(block)
    },
  })
  const headers = await aliceOn(opened)
  const answer = await fetch(`${opened.url}/upload?filename=a`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  })
  const { fileId } = JSON.parse(await answer.text())
  expect(await opened.library.file(fileId)).toMatchObject({ size, sha256: hash.digest('hex') })
  expect(peak - before).toBeLessThan(200 * 1024 ** 2)
})

it('a download whose client goes away closes the blob', async () => {
  const opened = await openGateway()
  const token = await opened.token('alice@example.com')
  await fetch(`${opened.url}/upload`, {
    method: 'POST',
    headers: bearer(token),
    body: form([['f', 'a', 'x']]),
  })
  const content = 'x'.repeat(20 * 1024 ** 2)
  const result = await addResult(opened, await claim(opened), content)
  const read = opened.blobs.result.read
  const closed = new Promise<void>((close) => {
    opened.blobs.result.read = async (...given) => {
      const stream = await read(...given)
      stream.on('close', close)
      return stream
    }
  })
  const gone = new AbortController()
  const answer = await fetch(`${opened.url}/download?fid=${result.id}`, {
    headers: bearer(token),
    signal: gone.signal,
  })
  expect(answer.status).toBe(200)
  gone.abort()
  await closed
})

it('stopping: not ready at once, what is under way finishes, then the port is free', async () => {
  const opened = await openGateway()
  const alice = await aliceOn(opened)
  const idle = await fetch(`${opened.url}/readyz`)
  expect(idle.status).toBe(200)
  const socket = begin(opened.url, '/upload?filename=a', { ...alice, 'content-length': '4' })
  socket.write('ab')
  await expect.poll(() => blobsOf(opened.dataDir)).toHaveLength(1)
  const stopped = opened.gateway.stop(5_000)
  expect(opened.gateway.stop(5_000)).toBe(stopped)
  await delay(50)
  socket.write('cd')
  const answer = await answerOn(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 201 /)
  expect(answer).toMatch(/connection: close/i)
  await stopped
  await expect(fetch(`${opened.url}/healthz`)).rejects.toThrow()
})

it('stopping: what does not finish in time is cut off and leaves nothing', async () => {
  const opened = await openGateway()
  const socket = begin(opened.url, '/upload?filename=a', {
    ...(await aliceOn(opened)),
    'content-length': '4',
  })
  socket.write('ab')
  await expect.poll(() => blobsOf(opened.dataDir)).toHaveLength(1)
  const started = performance.now()
  await opened.gateway.stop(200)
  expect(performance.now() - started).toBeLessThan(2_000)
  await expect.poll(() => blobsOf(opened.dataDir)).toEqual([])
})

it('a taken port is told by its code', async () => {
  const { url } = await openGateway()
  const listen = { host: '127.0.0.1', port: Number(new URL(url).port) }
  await expect(openGateway({ settings: { listen } })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(await told(await fetch(`${url}/healthz`))).toMatchObject({ status: 200 })
})

it('who takes nothing of a download for long is let go', async () => {
  const opened = await openGateway({ settings: { stallTimeout: 500 } })
  const alice = await aliceOn(opened)
  const size = 20 * 1024 ** 2
  const body = Buffer.alloc(size)
  const kept = await fetch(`${opened.url}/upload?filename=a`, { method: 'POST', headers: alice, body })
  const { fileId }: { fileId: string } = JSON.parse(await kept.text())
  const take = (pause: number) =>
    new Promise<number>((resolve, reject) => {
      let taken = 0
      const asked = get(`${opened.url}/v1/files/${fileId}/content`, { headers: alice }, (answer) => {
        answer.on('data', (chunk: Buffer) => {
          taken += chunk.length
          if (taken > chunk.length) return
          answer.pause()
          setTimeout(() => answer.resume(), pause)
        })
        answer.once('close', () => resolve(taken))
        answer.once('error', () => resolve(taken))
      })
      asked.once('error', reject)
    })
  expect(await take(100)).toBe(size)
  expect(await take(3_000)).toBeLessThan(size)
})
