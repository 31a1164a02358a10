import { inspect } from 'node:util'
import { expect } from 'vitest'
import { expectKept } from '../chaos/account.ts'
import { drained, HELLO, openLedger, refusalsOf } from '../chaos/ledger.ts'
import { converted, download, newPerson } from '../support/client.ts'
import { LONG, SERVICES } from './installation.ts'
import { it } from './with-installation.ts'

const AT_LEAST = 20

it('an update of all four during uploads and downloads drops no request and loses no conversion', async ({
  installation,
}) => {
  const { url, mail, kubectl, rolledOut } = installation
  const reader = await newPerson(url)
  const { result } = await converted(reader, HELLO, {}, LONG)
  if (!result) throw new Error('there is nothing to download')
  const before = await Promise.all(SERVICES.map((service) => installation.pods(service)))

  let updating = true
  const downloads: (number | string)[] = []
  const update = async () => {
    await kubectl('rollout', 'restart', ...SERVICES.map((service) => `deployment/${service}`))
    await Promise.all(SERVICES.map((service) => rolledOut(service)))
    await Promise.all(before.flat().map((pod) => kubectl('wait', '--for=delete', pod, '--timeout=300s')))
    updating = false
  }
  const readOn = async () => {
    while (updating || downloads.length < AT_LEAST) {
      const bytes = download(reader, result.id).then(({ length }) => length, inspect)
      downloads.push(await bytes)
    }
  }
  const ledger = await openLedger([url])
  const enough = () => !updating && ledger.answers.length >= AT_LEAST
  await Promise.all([update(), readOn(), ledger.load(enough, { pace: 1_000 })])

  expect(downloads.filter((each) => each !== result.size)).toEqual([])
  expect(refusalsOf(ledger.answers)).toEqual([])
  await drained(ledger, { mail }, 2 * LONG)
  await expectKept(ledger, { mail, falls: () => [] })
  console.log(`${ledger.answers.length} uploads, ${downloads.length} downloads during the update`)
})
