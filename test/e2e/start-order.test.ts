/** @module-tag topology-one */
import { describe, expect, it, onTestFinished } from 'vitest'
import { basic, download, expectStatus, formOf, type Person } from '../support/client.ts'
import { openFaultProxy } from '../support/fault-proxy.ts'
import { judge } from '../support/judge.ts'
import { idIn, openMailReceiver } from '../support/mail-receiver.ts'
import { media } from '../support/make-media.ts'
import { absentFrom, PAIRINGS } from '../support/pairings.ts'
import { type Process, startProcess } from '../support/process.ts'
import type { Env } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { many, type Place, type Service } from '../support/topologies.ts'
import { until } from '../support/wait.ts'

const [PAIRING] = PAIRINGS
const absent = await absentFrom(PAIRING)

/** Who starts when, and which servers are away until all have started; `waits`: who is not ready before that. */
const ORDERS: readonly {
  what: string
  order: readonly Service[]
  late?: readonly string[]
  waits: Service
}[] = [
  {
    what: 'the gateway first, auth last',
    order: ['gateway', 'notification', 'converter', 'auth'],
    waits: 'gateway',
  },
  {
    what: 'the converter first, library and broker after all',
    order: ['converter', 'gateway', 'auth', 'notification'],
    late: ['LIBRARY_URL', 'BROKER_URL'],
    waits: 'converter',
  },
  {
    what: 'the notification first, blobs after all',
    order: ['notification', 'auth', 'converter', 'gateway'],
    late: ['VIDEOS_URL', 'MP3S_URL'],
    waits: 'gateway',
  },
  {
    what: 'auth first, every server after all',
    order: ['auth', 'converter', 'notification', 'gateway'],
    late: ['USERS_URL', 'NOTIFICATIONS_URL', 'LIBRARY_URL', 'VIDEOS_URL', 'MP3S_URL', 'BROKER_URL'],
    waits: 'auth',
  },
]

/** The places of four processes; the servers that come `late` are away until `arrive`. */
async function places(late: readonly string[]) {
  const mail = await openMailReceiver()
  const layout = await many(PAIRING)({ SMTP_URL: mail.url }, await temporaryFolder())
  onTestFinished(async () => {
    await layout.drop()
    await mail.close()
  })
  const detours = await Promise.all(late.map((name) => detour(name, layout.settings[name] ?? '')))
  const env: Env = Object.assign({}, ...detours.map((each) => each.env))
  const place = (service: Service): Place => {
    const found = layout.places.find((each) => each.service === service)
    if (!found) throw new Error(`no place for ${service}`)
    return { ...found, env: { ...found.env, ...env } }
  }
  return { mail, place, arrive: () => detours.forEach(({ arrive }) => void arrive()) }
}

/** A way to the server of a URL that is closed until `arrive`. */
async function detour(name: string, url: string) {
  const standard = { 'postgres:': 5432, 'mongodb:': 27017, 'amqp:': 5672 }[new URL(url).protocol] ?? 0
  const proxy = await openFaultProxy({ port: Number(new URL(url).port || standard) })
  onTestFinished(() => proxy.close())
  proxy.refuse()
  return { env: { [name]: proxy.through(url) }, arrive: proxy.restore }
}

const statusOf = async (url: string) => {
  const answer = await fetch(url).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.status
}

/** Starts one after another, each as soon as the one before it lives. */
async function startInOrder(order: readonly Service[], place: (service: Service) => Place) {
  const started = new Map<Service, Process>()
  for (const service of order) {
    const running = startProcess(place(service))
    onTestFinished(async () => void (await running.end('SIGKILL')))
    started.set(service, running)
    await until(
      `${service} lives`,
      async () => (await statusOf(`${running.url}/healthz`)) === 200 || undefined,
    )
  }
  return started
}

describe.skipIf(absent.length > 0)(`four processes (${PAIRING.name}) in any order`, () => {
  it.for(ORDERS.map((each) => [each.what, each] as const))(
    '%s: all get ready, and a video becomes a mail and an MP3',
    async ([_, { order, late = [], waits }]) => {
      const { mail, place, arrive } = await places(late)
      const early = late.length > 0 ? order : order.slice(0, -1)
      const started = await startInOrder(early, place)
      expect(await statusOf(`${started.get(waits)?.url}/readyz`)).toBe(503)
      if (late.length > 0) {
        await until(`${waits} waits`, () =>
          started.get(waits)?.lines.find((line) => line.includes('waiting: ')),
        )
      }
      arrive()
      const last = await startInOrder(order.slice(early.length), place)
      const all = new Map([...started, ...last])
      await Promise.all([...all.values()].map((each) => each.ready()))

      const url = all.get('gateway')?.url ?? ''
      const [email, password] = ['alice@example.com', 'correct horse battery']
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ email, password })
      await expectStatus(await fetch(`${url}/register`, { method: 'POST', headers, body }), 201)
      const login = { method: 'POST', headers: { authorization: basic(email, password) } }
      const token = await expectStatus(await fetch(`${url}/login`, login), 200)
      const authorization = `Bearer ${token}`
      const video = { method: 'POST', headers: { authorization }, body: await formOf(await media('mkv')) }
      expect(await expectStatus(await fetch(`${url}/upload`, video), 200)).toBe('success!')
      const alice: Person = { url, id: '', email, password, token }
      const mp3 = await download(alice, idIn(await mail.nextMail(email)))
      expect(await judge(mp3)).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2 })
      for (const each of all.values()) expect(await each.end('SIGTERM')).toBe(0)
    },
  )
})
