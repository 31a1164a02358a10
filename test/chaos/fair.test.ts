import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Conversion } from '../../src/domain/conversion.ts'
import { askAgain, newPerson, upload } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { conversionsOf } from './ledger.ts'
import { PLAN } from './plan.ts'
import { openStores } from './stores.ts'
import { it } from './with-servers.ts'
import { endOf, rowOf } from './work.ts'

const ONE_DOOR = { gateway: 1, notification: 1 } as const
/** Milliseconds that the one may wait beyond the conversion that is being made. */
const PATIENCE = 2_000

it('a person with one file does not wait behind another with very many', async ({ open }) => {
  const cast = await open({ counts: { ...ONE_DOOR, converter: 1 } })
  const stores = await openStores(cast.places)
  onTestFinished(() => stores.close())
  const [url = ''] = cast.of('gateway').map((gateway) => gateway.url)
  const [many, one] = [await newPerson(url), await newPerson(url)]
  const { fileId } = await upload(many, await media('mp3', 3))
  await askAgain(many, fileId, PLAN.backlog)
  const { conversionId } = await upload(one, await media('mp3', 3))
  const { createdAt, startedAt } = await endOf(stores, conversionId)
  const waited = (startedAt ?? 0) - createdAt
  const theirs = await conversionsOf(many)
  const jobs = theirs.flatMap((each) =>
    each.startedAt && each.endedAt ? [Date.parse(each.endedAt) - Date.parse(each.startedAt)] : [],
  )
  const waiting = theirs.filter(({ state }) => state === 'queued').length
  console.log(`waited ${waited} ms; a conversion takes up to ${Math.max(...jobs)} ms, ${waiting} wait`)
  expect(waiting).toBeGreaterThan(PLAN.backlog / 4)
  expect(waited).toBeLessThan(Math.max(...jobs) + PATIENCE)
})

it('ten people with as much each are served alike', async ({ open }) => {
  const cast = await open({ counts: ONE_DOOR })
  const stores = await openStores(cast.places)
  onTestFinished(() => stores.close())
  const [url = ''] = cast.of('gateway').map((gateway) => gateway.url)
  for (const converter of cast.of('converter')) await converter.kill()
  const people = await Promise.all(Array.from({ length: 10 }, () => newPerson(url)))
  const ids: string[][] = []
  for (const person of people) {
    const { fileId, conversionId } = await upload(person, await media('mp3', 3))
    ids.push([conversionId, ...(await askAgain(person, fileId, EACH - 1))])
  }
  for (const converter of cast.of('converter')) converter.start()
  const rowsOf = (own: readonly string[]) => Promise.all(own.map((id) => rowOf(stores, id)))
  const served = await until('half of it is done', async () => {
    await pause(200)
    const done = (await Promise.all(ids.map(rowsOf))).map((rows) => rows.filter(isDone).length)
    return sum(done) >= (people.length * EACH) / 2 ? done : undefined
  })
  const index = jain(served)
  console.log(`served ${served.join(' ')}: Jain ${index.toFixed(3)}`)
  expect(index).toBeGreaterThanOrEqual(0.95)
})

const EACH = 6
const isDone = ({ state }: Conversion) => state === 'done'
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Jain's index of fairness: 1 when all have the same, 1/n when one has it all. */
const jain = (shares: readonly number[]) =>
  sum(shares) ** 2 / (shares.length * sum(shares.map((share) => share ** 2)))
