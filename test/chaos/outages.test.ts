import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { expect } from 'vitest'
import { login } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { expectKept } from './account.ts'
import type { Cast } from './cast.ts'
import { allConversions, drained, type Ledger, openLedger, refusalsOf } from './ledger.ts'
import { PLAN, random } from './plan.ts'
import type { Servers } from './servers.ts'
import { it } from './with-servers.ts'

/** Milliseconds: what is promised, and what a busy machine may add. */
const RECOVERY = 5_000
const SLACK = 3_000

it('the broker is away: uploads are accepted and converted all the same, and it is found again', async ({
  servers,
  open,
}) => {
  const cast = await open()
  const { ledger, rest } = await underLoad(cast)
  await pause(2_000)
  await servers.rabbitmq.kill()
  const [awayAt, before] = [Date.now(), ledger.answers.length]
  await pause(PLAN.outage)
  const meanwhile = ledger.answers.slice(before)
  const back = servers.rabbitmq.startAgain()
  expect(meanwhile.length).toBeGreaterThan(10)
  expect(refusalsOf(meanwhile)).toEqual([])
  const converted = (await allConversions(ledger)).filter(
    ({ createdAt, state }) => Date.parse(createdAt) > awayAt && state === 'done',
  )
  expect(converted.length).toBeGreaterThan(0)

  await back
  console.log(`the broker is used again after ${await timeUntil(() => isConsumed(cast, servers))} ms`)
  await pause(2_000)
  await rest()
  expect(refusalsOf(ledger.answers)).toEqual([])
  expect(await consumersOf(servers.rabbitmq.url, cast.places.queues.video)).toBe(cast.of('converter').length)
  await expectKept(ledger, cast)
})

it('databases are restarted again and again: refused with 503 for as long, and nothing is lost', async ({
  servers,
  open,
}) => {
  const cast = await open()
  const { ledger, rest } = await underLoad(cast)
  for (let count = 0; count < PLAN.restarts; count++) {
    for (const name of ['mongodb', 'postgres'] as const) {
      await pause(1_000 + random() * 1_000)
      await servers[name].kill()
      await pause(random() * 3_000)
      await servers[name].startAgain()
      console.log(`${name} is used again after ${await timeUntil(() => isServed(cast, ledger))} ms`)
    }
  }
  await rest()
  const statuses = new Set(refusalsOf(ledger.answers).map(({ status }) => status))
  console.log(`${refusalsOf(ledger.answers).length} of ${ledger.answers.length} uploads refused`)
  expect([...statuses].filter((status) => status !== 503)).toEqual([])
  await expectKept(ledger, cast)
})

/** People who bring something all the time; `rest` ends that and waits until all of it has ended. */
async function underLoad(cast: Cast) {
  const ledger = await openLedger(
    cast.of('gateway').map(({ url }) => url),
    { file: await media('mp3', 3) },
  )
  let over = false
  const load = ledger.load(() => over, { pace: 1_000 })
  const rest = async () => {
    over = true
    await load
    await drained(ledger, cast)
  }
  return { ledger, rest }
}

/** Milliseconds until it is so; fails when that takes too long. */
async function timeUntil(isSo: () => Promise<boolean>): Promise<number> {
  const since = Date.now()
  await until('recovered', async () => (await isSo()) || undefined, RECOVERY + SLACK)
  return Date.now() - since
}

/** Every gateway has the broker again, every notification service listens; converters do when they are not busy. */
async function isConsumed({ places, of }: Cast, { rabbitmq }: Servers): Promise<boolean> {
  const listening = await consumersOf(rabbitmq.url, places.queues.mp3)
  const seen = await Promise.all(of('gateway').map(({ url }) => seesBroker(url)))
  return listening === of('notification').length && !seen.includes(false)
}

async function consumersOf(url: string, queue: string): Promise<number> {
  const connection = await connect(url)
  try {
    const channel = await connection.createChannel()
    return (await channel.checkQueue(queue)).consumerCount
  } finally {
    await connection.close()
  }
}

async function seesBroker(gateway: string): Promise<boolean> {
  const answer = await fetch(`${gateway}/readyz`)
  const { checks }: { checks: { broker: string } } = JSON.parse(await answer.text())
  return checks.broker === 'ok'
}

/** Does every gateway let people log in, and take what they bring? */
async function isServed(cast: Cast, ledger: Ledger): Promise<boolean> {
  const [person] = ledger.people
  if (!person) return false
  for (const { url } of cast.of('gateway')) {
    const token = await login(url, person.email, person.password).catch(() => undefined)
    const brought = await ledger.bring()
    if (!token || !('conversionId' in brought)) return false
  }
  return true
}
