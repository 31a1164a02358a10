import { expect, onTestFinished } from 'vitest'
import { HELLO } from '../chaos/ledger.ts'
import { CHART, helm, set } from '../support/chart.ts'
import { conversion, converted, download, login, newPerson } from '../support/client.ts'
import { PRODUCT } from '../support/images.ts'
import { isReady } from '../support/is-ready.ts'
import { until } from '../support/wait.ts'
import type { Cluster } from './cluster.ts'
import { diagnosis } from './diagnosis.ts'
import { LONG } from './installation.ts'
import { makeVolumes } from './volumes.ts'
import { it } from './with-installation.ts'

const NAMESPACE = 'by-chart'
/** Beside 30002, which the plain manifests have. */
const PORT = 30_003
const [repository, tag] = PRODUCT.split(':')
/** What the chart brings of its own accord, as small as it goes. */
const VALUES = [
  `image.repository=${repository}`,
  `image.tag=${tag}`,
  'gateway.service.type=NodePort',
  `gateway.service.nodePort=${PORT}`,
  ...['gateway', 'auth', 'converter', 'notification'].flatMap((each) => [
    `${each}.replicas=1`,
    `${each}.resources.requests.cpu=20m`,
  ]),
  ...['postgresql', 'mongodb', 'rabbitmq'].map((each) => `${each}.resources.requests.cpu=20m`),
]

it('the chart: installed it works, and an upgrade keeps accounts, files and mails', async ({
  installation,
}) => {
  const { kubectl, release } = await namespaceFor(installation.cluster)
  await release('install', CHART, ...set(VALUES), '--wait', '--timeout=8m')
  expect(await release('test', '--logs', '--timeout=5m')).toContain('all is well')

  const url = `http://127.0.0.1:${PORT}`
  const person = await newPerson(url)
  const { id, result } = await converted(person, HELLO, {}, LONG)
  if (!result) throw new Error('nothing was converted')
  const bytes = await download(person, result.id)
  const outbox = () => kubectl('exec', 'deploy/notification', '--', 'soundlift', 'outbox')
  const mail = await until('the mail', async () => lineOf(person.email, await outbox()), LONG)

  const pods = () => kubectl('get', 'pods', '--selector', 'app.kubernetes.io/component=auth', '--output=name')
  const before = await pods()
  await release(
    'upgrade',
    CHART,
    ...set([...VALUES, 'env.LOG_LEVEL=debug', 'gateway.replicas=2']),
    '--wait',
    '--timeout=8m',
  )
  expect(await pods()).not.toBe(before)
  expect(await kubectl('get', 'events', '--field-selector', 'involvedObject.name=migration')).toContain(
    'Completed',
  )

  await until('the NodePort answers', () => isReady(url), LONG)
  const again = { ...person, token: await login(url, person.email, person.password) }
  expect(await conversion(again, id)).toMatchObject({ state: 'done', result: { id: result.id } })
  expect(await download(again, result.id)).toEqual(bytes)
  expect(lineOf(person.email, await outbox())).toBe(mail)
  expect(await release('test', '--timeout=5m')).toContain('Succeeded')
})

/** A namespace with the strictest rules and with volumes, gone when the test is over; kubectl and helm in it. */
async function namespaceFor(cluster: Cluster) {
  const kubectl = (...args: readonly string[]) => cluster.kubectl(['--namespace', NAMESPACE, ...args])
  const release = async (verb: string, ...args: readonly string[]) => {
    const { code, out, err } = await helm([verb, 'soundlift', '--namespace', NAMESPACE, ...args], cluster.env)
    if (code !== 0 || err !== '') throw new Error(`helm ${verb}: ${code} ${err}\n${await diagnosis(kubectl)}`)
    return out
  }
  await cluster.kubectl(['create', 'namespace', NAMESPACE])
  onTestFinished(() => cluster.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']).then(() => {}))
  await kubectl(
    'label',
    'namespace',
    NAMESPACE,
    'pod-security.kubernetes.io/enforce=restricted',
    'pod-security.kubernetes.io/warn=restricted',
  )
  await makeVolumes(cluster, NAMESPACE, ['postgresql', 'mongodb', 'rabbitmq'])
  return { kubectl, release }
}

const lineOf = (email: string, outbox: string) => outbox.split('\n').find((line) => line.includes(email))
