import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { render } from '../support/chart.ts'
import { login, newPerson, type Person } from '../support/client.ts'
import { curl, nameOf } from '../support/curl.ts'
import { type Manifest, manifests } from '../support/manifests.ts'
import { mediaFolder } from '../support/media-folder.ts'
import { type Annotations, type Nginx, openNginx } from '../support/nginx.ts'
import { type Server, startServer } from '../support/server.ts'

/** No controller is at hand, so its nginx stands alone, with the limits that our Ingresses ask for. */
const HOST = 'mp3converter.com'
/** Milliseconds that stand for a second of nginx's time-outs. */
const SECOND = 10
/** The gateway keeps silent: more than nginx's 60 s, less than our 600. */
const SILENCE = 200 * SECOND
const PREFIX = 'nginx.ingress.kubernetes.io/'

/** More than nginx's megabyte, and than sockets hold. */
const BIG = join(mediaFolder(), 'big.bin')

let server: Server
let alice: Person
beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: 'loopback' })
  alice = await newPerson(server.url)
  await writeFile(BIG, Buffer.alloc(20_000_000))
}, 120_000)
afterAll(() => server?.remove())

describe.each([
  ['plain manifests', async () => manifests('base/common/')],
  ['chart', () => render([])],
] as const)('the Ingress of the %s', (_, objects) => {
  let door: Door
  beforeAll(async () => {
    door = await openDoor(annotationsOf(await objects()))
  })
  afterAll(() => door?.close())

  it('leads its host to the gateway, and no other', async () => {
    expect(await login(server.url, alice.email, alice.password)).toBeTruthy()
    expect(
      await door.status(['-X', 'POST', `http://${HOST}/login`, '-u', `${alice.email}:${alice.password}`]),
    ).toBe(200)
    expect(await door.status(['http://other.example.com/'], 'other.example.com')).toBe(404)
  })

  it('lets an upload of many megabytes pass', async () => {
    expect(await door.upload(BIG)).toBe(201)
  })

  it('waits for a gateway that takes its time, to read and to answer', async () => {
    expect(await whileSilent(() => door.status([`http://${HOST}/healthz`]))).toBe(200)
    expect(await whileSilent(() => door.upload(BIG))).toBe(201)
  })
})

describe('without annotations', () => {
  let door: Door
  beforeAll(async () => {
    door = await openDoor({})
  })
  afterAll(() => door?.close())

  it('the same upload is refused, and the same silence', async () => {
    expect(await door.upload(BIG)).toBe(413)
    expect(await whileSilent(() => door.status([`http://${HOST}/healthz`]))).toBe(504)
  })
})

interface Door {
  /** What a request of curl is answered with. */
  status(args: readonly string[], host?: string): Promise<number>
  upload(path: string): Promise<number>
  close(): Promise<void>
}

async function openDoor(annotations: Annotations): Promise<Door> {
  const nginx: Nginx = await openNginx(
    { host: HOST, port: Number(new URL(server.url).port) },
    annotations,
    SECOND,
  )
  const status: Door['status'] = async (args, host = HOST) => {
    const told = ['--output', '/dev/null', '--write-out', '%{http_code}']
    return Number((await curl([...nameOf(host, `http://127.0.0.1:${nginx.port}`), ...told, ...args])).out)
  }
  const headers = [
    '-H',
    `Authorization: Bearer ${alice.token}`,
    '-H',
    'Content-Type: application/octet-stream',
  ]
  const upload = (path: string) =>
    status([...headers, '--data-binary', `@${path}`, `http://${HOST}/upload?filename=big.bin`])
  return { status, upload, close: nginx.close }
}

/** What is answered to a request during which the gateway's process stands still. */
async function whileSilent(ask: () => Promise<number>): Promise<number> {
  process.kill(server.pid, 'SIGSTOP')
  const answer = ask()
  await pause(SILENCE)
  process.kill(server.pid, 'SIGCONT')
  return answer
}

function annotationsOf(objects: readonly Manifest[]): Annotations {
  const all = objects.find(({ kind }) => kind === 'Ingress')?.metadata.annotations ?? {}
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name.replace(PREFIX, ''), value]))
}
