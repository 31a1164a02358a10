import { expect } from 'vitest'
import { converted, ended, halfway, newPerson } from '../support/client.ts'
import { longWav, media } from '../support/make-media.ts'
import { until } from '../support/wait.ts'
import { type Installation, LONG } from './installation.ts'
import { it } from './with-installation.ts'

const forced = ['--grace-period=0', '--force']

it('converters deleted by force in the middle: it ends once, one mail', async ({ installation }) => {
  const { url, kubectl, pods, rolledOut } = installation
  const person = await newPerson(url)
  const id = await halfway(person, await longWav(40))
  await kubectl('delete', ...(await pods('converter')), ...forced)
  const done = await ended(person, id, 2 * LONG)
  expect(done).toMatchObject({ state: 'done', partial: false })
  await expectOneMail(installation, person.email)
  await rolledOut('converter')
})

it('rabbitmq deleted by force in the middle: it ends once, one mail, and the next upload works', async ({
  installation,
}) => {
  const { url, kubectl, rolledOut } = installation
  const person = await newPerson(url)
  const id = await halfway(person, await longWav(20))
  await kubectl('delete', 'pod/rabbitmq-0', ...forced)
  expect(await ended(person, id, 2 * LONG)).toMatchObject({ state: 'done', attempt: 1 })
  await expectOneMail(installation, person.email)
  await rolledOut('rabbitmq', 'statefulset')
  const other = await newPerson(url)
  expect(await converted(other, await media('m4a'), {}, LONG)).toMatchObject({ state: 'done' })
  await expectOneMail(installation, other.email)
})

/** A second one would be there by the time a sweep has looked again. */
async function expectOneMail({ mail }: Installation, address: string): Promise<void> {
  await until(`the mail to ${address}`, () => mail.mailsTo(address)[0], 2 * LONG)
  await new Promise((resolve) => setTimeout(resolve, 8_000))
  expect(mail.mailsTo(address).map(({ parsed }) => parsed.subject)).toEqual(['MP3 Download'])
}
