import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { expect, onTestFinished } from 'vitest'
import { media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { expectKept } from './account.ts'
import { type Cast, openCast } from './cast.ts'
import { drained, filesOf, openLedger } from './ledger.ts'
import { PLAN } from './plan.ts'
import type { Servers } from './servers.ts'
import { openStores } from './stores.ts'
import { it as base } from './with-servers.ts'
import { atWork, bringLong, cancelAll, endOf, rowOf } from './work.ts'

const ONE_DOOR = { gateway: 1, notification: 1 } as const

/** A cast with a library that is looked into, and one person. */
async function stageOf(cast: Cast) {
  const urls = cast.of('gateway').map(({ url }) => url)
  const ledger = await openLedger(urls, { count: 1, file: await media('mp3', 3) })
  return { cast, stores: await openStores(cast.places), ledger }
}

const it = base.extend('three', { scope: 'file' }, async ({ servers }, { onCleanup }) => {
  const stage = await stageOf(await openCast(servers, { counts: { ...ONE_DOOR, converter: 3 } }))
  onCleanup(async () => {
    await stage.cast.close()
    await stage.stores.close()
  })
  return stage
})

it('a dead worker: another takes its conversion over, and nobody takes that of a live one', async ({
  three,
}) => {
  const { cast, stores, ledger } = three
  const ids = [await bringLong(ledger, PLAN.minutes), await bringLong(ledger, PLAN.minutes)] as const
  const [doomed, live] = [await atWork(cast, stores, ids[0]), await atWork(cast, stores, ids[1])]
  expect(doomed.worker.name).not.toBe(live.worker.name)
  const killedAt = Date.now()
  await doomed.worker.kill()
  await atWork(cast, stores, ids[0], 2)
  const took = Date.now() - killedAt
  console.log(`taken over after ${took} ms, with a lease of ${PLAN.lease} ms`)
  expect(took).toBeLessThan(2 * PLAN.lease)

  doomed.worker.start()
  await until('two leases', () => Date.now() - killedAt > 2.5 * PLAN.lease || undefined, 3 * PLAN.lease)
  expect(await rowOf(stores, ids[1])).toMatchObject({ state: 'running', attempt: 1, fence: live.row.fence })
  await cancelAll(stores, ids)
  expect(cast.falls()).toEqual([])
})

it('a zombie: what it writes after its lease is refused, and there is one result', async ({ three }) => {
  const { cast, stores, ledger } = three
  const id = await bringLong(ledger, 16)
  const { worker } = await atWork(cast, stores, id, 1, 0.3)
  worker.signal('SIGSTOP')
  onTestFinished(() => worker.signal('SIGCONT'))
  const done = await endOf(stores, id)
  expect(done).toMatchObject({ state: 'done', attempt: 2, failure: null })
  worker.signal('SIGCONT')
  await until('the zombie has given up', () => worker.lines.some(isGivenUp) || undefined)
  expect(await rowOf(stores, id)).toEqual(done)
  const [person] = ledger.people
  const results = (person ? await filesOf(person) : []).filter(({ kind }) => kind === 'result')
  expect(results.map((file) => file.id)).toEqual([done.resultId])
  await until('the mail', () => (person && cast.mail.mailsTo(person.email).length > 0) || undefined)
  expect(person && cast.mail.mailsTo(person.email)).toHaveLength(1)
  expect(cast.falls()).toEqual([])
})

const isGivenUp = (line: string) => line.includes('the conversion was taken over or cancelled')

it('a conversion longer than the time the broker gives a consumer: it runs once', async ({
  servers,
  open,
}) => {
  await setConsumerTimeout(servers, TIMEOUT, 500)
  onTestFinished(() => setConsumerTimeout(servers, 1_800_000, 60_000))
  const { cast, stores, ledger } = await stageOf(await open({ counts: ONE_DOOR }))
  onTestFinished(() => stores.close())
  const cut = holdsMessage(servers)
  const id = await bringLong(ledger, 40)
  const done = await endOf(stores, id, 90_000)
  const ran = (done.endedAt ?? 0) - (done.startedAt ?? 0)
  console.log(`it ran for ${ran} ms, the broker gives ${TIMEOUT} ms`)
  expect(ran).toBeGreaterThan(2 * TIMEOUT)
  expect(done).toMatchObject({ state: 'done', attempt: 1, fence: 1 })
  expect(await cut).toBe('cut off')
  await drained(ledger, cast)
  await expectKept(ledger, cast)
})

const TIMEOUT = 2_000

/** For channels that are opened from now on, milliseconds: how long a message may be held, and how often that is looked at. */
async function setConsumerTimeout({ rabbitmq }: Servers, timeout: number, tick: number): Promise<void> {
  const set = (name: string, value: number) => `application:set_env(rabbit, ${name}, ${value})`
  await rabbitmq.ctl('eval', `${set('consumer_timeout', timeout)}, ${set('channel_tick_interval', tick)}.`)
}

/** What becomes of a consumer that keeps its message: without it, the test above would show nothing. */
async function holdsMessage({ rabbitmq }: Servers): Promise<string> {
  const connection = await connect(rabbitmq.url)
  connection.on('error', () => {})
  const channel = await connection.createChannel()
  const cutOff = new Promise<string>((resolve) => {
    channel.on('error', () => resolve('cut off'))
  })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  channel.sendToQueue(queue, Buffer.from('kept'))
  await channel.consume(queue, () => {})
  const outcome = await Promise.race([cutOff, pause(30_000, 'left alone')])
  await connection.close()
  return outcome
}

it('a conversion that kills its workers is given up, and the others are made', async ({ open }) => {
  const { cast, stores, ledger } = await stageOf(
    await open({ counts: ONE_DOOR, env: { CONVERTER_SLOTS: '2' } }),
  )
  onTestFinished(() => stores.close())
  const poison = await bringLong(ledger, 60)
  const load = ledger.load(() => ledger.acknowledged().length > PLAN.good, { lanes: 3, pace: 300 })
  for (const attempt of [1, 2, 3]) {
    const { worker } = await atWork(cast, stores, poison, attempt)
    await worker.kill()
    worker.start()
  }
  expect(await endOf(stores, poison)).toMatchObject({
    state: 'failed',
    attempt: 3,
    failure: { code: 'WORKER_LOST' },
  })
  await load
  await drained(ledger, cast)
  const { failed } = await expectKept(ledger, cast)
  expect(failed).toBe(1)
})
