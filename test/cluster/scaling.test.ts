import { expect } from 'vitest'
import { allConversions, drained, openLedger, refusalsOf } from '../chaos/ledger.ts'
import { longWav } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { LONG } from './installation.ts'
import { it } from './with-installation.ts'

const UPLOADS = 12

it('converters 1 → 4 → 1 under load: what runs is finished or handed back, no attempt is lost', async ({
  installation,
}) => {
  const { url, mail, kubectl, pods, rolledOut } = installation
  const scale = async (count: number) => {
    await kubectl('scale', 'deployment/converter', `--replicas=${count}`)
    await rolledOut('converter')
    const there = async () => (await pods('converter')).length === count || undefined
    await until(`${count} converters`, there, LONG)
  }
  await scale(1)
  const ledger = await openLedger([url])
  const video = await longWav(10)
  for (let at = 0; at < UPLOADS; at++) await ledger.bring(video)
  await scale(4)
  const running = async () => (await allConversions(ledger)).filter(({ state }) => state === 'running').length
  await until('more than one at a time', async () => (await running()) > 1 || undefined, LONG)
  await scale(1)
  await drained(ledger, { mail }, 2 * LONG)
  expect(refusalsOf(ledger.answers)).toEqual([])
  const ends = (await allConversions(ledger)).map(({ state, attempt }) => `${state} at attempt ${attempt}`)
  expect(ends).toEqual(Array.from({ length: UPLOADS }, () => 'done at attempt 1'))
  await scale(2)
})
