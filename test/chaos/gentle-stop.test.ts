import { expect, onTestFinished } from 'vitest'
import { longWav, media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { expectKept } from './account.ts'
import { type Actor, isReady } from './actor.ts'
import type { Cast } from './cast.ts'
import { openDoor } from './door.ts'
import { drained, openLedger, refusalsOf } from './ledger.ts'
import { openStores } from './stores.ts'
import { it } from './with-servers.ts'
import { atWork, bringLong, cancelAll, endOf, rowOf } from './work.ts'

/** Milliseconds: what is promised, and what a busy machine may add. */
const NOT_READY = 1_000
const STOPPED = 25_000
const SLACK = 1_500

it('SIGTERM under load, service after service: no request fails, no work is lost or counted', async ({
  open,
}) => {
  const cast = await open({ counts: { auth: 2, converter: 2 }, authUrl: doorOf })
  const stores = await openStores(cast.places)
  onTestFinished(() => stores.close())
  const door = await doorOf(cast.of('gateway'))
  const ledger = await openLedger([door], { file: await media('mp3', 3) })
  const guest = await openLedger([door], { count: 1 }) // waits behind nobody's many
  let over = false
  const load = ledger.load(() => over, { pace: 1_000 })

  for (const role of ['auth', 'gateway', 'notification'] as const) {
    const large = ledger.bring(await longWav(2))
    await stopGently(firstOf(cast, role))
    await large
  }
  const short = await bringLong(guest, 1)
  await stopGently((await atWork(cast, stores, short)).worker)
  const long = await bringLong(guest, 200)
  const { worker } = await atWork(cast, stores, long)
  await stopGently(worker)

  over = true
  await load
  expect(await rowOf(stores, long)).toMatchObject({ failure: null, endedAt: null })
  expect((await rowOf(stores, long)).attempt).toBeLessThanOrEqual(1)
  await cancelAll(stores, [long])
  expect(await endOf(stores, short)).toMatchObject({ state: 'done', attempt: 1 })
  await drained(ledger, cast)
  expect(refusalsOf([...ledger.answers, ...guest.answers])).toEqual([])
  const { taken_over, mails_twice } = await expectKept(ledger, cast)
  expect({ taken_over, mails_twice }).toEqual({ taken_over: 0, mails_twice: 0 })
})

async function doorOf(actors: readonly Actor[]): Promise<string> {
  const door = await openDoor(actors)
  onTestFinished(() => door.close())
  return door.url
}

function firstOf(cast: Cast, role: 'auth' | 'gateway' | 'notification'): Actor {
  const [first] = cast.of(role)
  if (!first) throw new Error(`there is no ${role}`)
  return first
}

/** Ends one as an orchestrator does, and starts it anew. */
async function stopGently(actor: Actor): Promise<void> {
  const since = Date.now()
  const stopped = actor.stop()
  await until(
    'readiness is off',
    async () => ((await isReady(actor.url)) ? undefined : true),
    NOT_READY + SLACK,
  )
  const off = Date.now() - since
  expect(await stopped, actor.lines.slice(-10).join('\n')).toBe(0)
  const took = Date.now() - since
  console.log(`${actor.name}: readiness off after ${off} ms, ended after ${took} ms`)
  expect(took).toBeLessThan(STOPPED + SLACK)
  actor.start()
  await actor.ready()
}
