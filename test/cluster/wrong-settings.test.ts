import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Installation } from './installation.ts'
import { it } from './with-installation.ts'

/** Longer than a process would wait before it gave up, milliseconds. */
const WATCHED = 75_000
/** One when it begins, one a minute later; a name that is looked up in vain may be told in two ways. */
const MOST_LINES = 4
/** pino's. */
const WARNING = 40

it.concurrent.for([
  {
    name: 'a wrong password',
    url: 'postgres://soundlift:wrong@postgres:5432/soundlift',
    says: /waiting: USERS_URL: .*password authentication failed/,
  },
  {
    name: 'a missing database',
    url: 'postgres://soundlift:wrong@no-such-server:5432/soundlift',
    says: /waiting: USERS_URL: .*no-such-server/,
  },
])(
  '$name: the log says it in a line; readiness stays false, nothing is started again',
  async ({ name, url, says }, { installation }) => {
    const { kubectl } = installation
    const pod = name.replaceAll(' ', '-')
    await startAlone(installation, pod, { USERS_URL: url })
    onTestFinished(() => kubectl('delete', 'pod', pod, '--wait=false').then(() => {}))
    await pause(WATCHED)
    const { status }: PodBody = JSON.parse(await kubectl('get', 'pod', pod, '--output=json'))
    expect(status.containerStatuses).toMatchObject([{ started: true, ready: false, restartCount: 0 }])
    const lines = (await kubectl('logs', pod)).split('\n').filter((line) => says.test(line))
    expect(lines.length, lines.join('\n')).toSatisfy((count: number) => count >= 1 && count <= MOST_LINES)
    const told: readonly { level: number }[] = lines.map((line) => JSON.parse(line))
    expect(told.every(({ level }) => level >= WARNING)).toBe(true)
  },
)

interface PodBody {
  readonly status: { readonly containerStatuses: readonly unknown[] }
}

/** A pod like auth's that no Service leads to, with other settings. */
async function startAlone(
  { cluster, kubectl }: Installation,
  name: string,
  env: Readonly<Record<string, string>>,
) {
  const { spec }: { spec: { template: { spec: { containers: object[] } } } } = JSON.parse(
    await kubectl('get', 'deployment', 'auth', '--output=json'),
  )
  const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }))
  const containers = spec.template.spec.containers.map((container) => ({ ...container, env: variables }))
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'soundlift' },
    spec: { ...spec.template.spec, topologySpreadConstraints: [], containers },
  }
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(pod))
}
