import { expect } from 'vitest'
import { HELLO } from '../chaos/ledger.ts'
import { converted, newPerson } from '../support/client.ts'
import { buildStandIns } from '../support/images.ts'
import { until } from '../support/wait.ts'
import { APPLY, LONG, NAMESPACE } from './installation.ts'
import { writeWith } from './overlay.ts'
import { makeVolumes } from './volumes.ts'
import { it } from './with-installation.ts'

const IMAGE = 'docker.io/library/mariadb:10.11'

it('the component mysql keeps accounts and deliveries in MariaDB', async ({ installation }) => {
  const { cluster, kubectl, overlay, pods, mail, url } = installation
  const apply = async (folder: string) => {
    const before = (await Promise.all(['auth', 'notification'].map(pods))).flat()
    await kubectl(...APPLY, folder)
    // Until they are gone they answer too, out of the other store.
    await kubectl('wait', '--for=delete', ...before, '--timeout=480s')
  }
  await buildStandIns([IMAGE])
  await cluster.load([IMAGE])
  await makeVolumes(cluster, NAMESPACE, ['mysql'])
  await apply(await writeWith(cluster, 'mysql'))

  const person = await newPerson(url)
  expect(await converted(person, HELLO, {}, LONG)).toMatchObject({ state: 'done' })
  await until('the mail', () => mail.mailsTo(person.email)[0], LONG)
  const count = (table: string, column: string) => {
    const query = `select count(*) from ${table} where ${column} = '${person.email}'`
    const ask = `mariadb --user=soundlift --password="$MARIADB_PASSWORD" -Ne "${query}" soundlift`
    return kubectl('exec', 'mysql-0', '--', 'sh', '-c', ask)
  }
  expect((await count('soundlift_accounts', 'email')).trim()).toBe('1')
  expect((await count('soundlift_deliveries', 'address')).trim()).toBe('1')

  await apply(overlay)
  await kubectl('delete', 'statefulset,service,networkpolicy', 'mysql', '--wait=false')
})
