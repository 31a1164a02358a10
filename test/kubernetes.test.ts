import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VARIABLES } from '../src/config/variables.ts'
import { readConfig } from '../src/config.ts'
import { incoming, outgoing } from './support/arrows.ts'
import { MANIFESTS, manifests } from './support/manifests.ts'
import { expectRestricted, expectThreeProbes } from './support/pod-rules.ts'

const SERVICES = {
  auth: { replicas: 2, surge: 3, port: 5000 },
  gateway: { replicas: 2, surge: 3, port: 8080 },
  converter: { replicas: 4, surge: 8, port: 8081 },
  notification: { replicas: 4, surge: 8, port: 8082 },
} as const
const ROLES = ['auth', 'gateway', 'converter', 'notification'] as const
const COMPONENT = 'app.kubernetes.io/component'

const all = manifests()
const pods = all.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
const named = (kind: string, name: string) => {
  const found = all.filter((each) => each.kind === kind && each.metadata.name === name)
  if (!found[0] || found.length > 1) throw new Error(`${found.length} objects are a ${kind} ${name}`)
  return found[0]
}

describe.each(pods.map((pod) => [pod.metadata.name, pod] as const))('every pod: %s', (name, { spec }) => {
  const pod = spec.template.spec
  it('may do nothing it need not', () => expectRestricted(pod))

  it('has three probes that mean different things, is spread over nodes', () => {
    expectThreeProbes(pod)
    const matchLabels = { [COMPONENT]: name }
    expect(pod).toMatchObject({ topologySpreadConstraints: [{ labelSelector: { matchLabels } }] })
    expect(spec.selector).toEqual({ matchLabels })
    expect(spec.template.metadata.labels).toEqual(labels(name))
  })
})

describe.each(ROLES)('the contract: %s', (role) => {
  const { replicas, surge, port } = SERVICES[role]
  it('has the replicas, the rolling update and the probes', () => {
    const { spec } = named('Deployment', role)
    const rollingUpdate = { maxSurge: surge, maxUnavailable: 0 }
    expect(spec).toMatchObject({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate } })
    const get = (path: string) => ({ httpGet: { path, port: 'http' } })
    expect(spec.template.spec.containers).toMatchObject([
      {
        args: ['serve', role],
        ports: [
          { name: 'http', containerPort: port },
          { name: 'metrics', containerPort: 9090 },
        ],
        envFrom: [{ configMapRef: { name: `${role}-config` } }, { secretRef: { name: `${role}-secret` } }],
        startupProbe: get('/healthz'),
        readinessProbe: get('/readyz'),
        livenessProbe: get('/healthz'),
      },
    ])
    expect(spec.template.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
    })
    expect(spec.template.spec).toMatchObject({ securityContext: { runAsUser: 10001, runAsGroup: 10001 } })
  })

  it('is told by its ConfigMap and its Secret what it reads, and nothing that it does not know', () => {
    const { data } = named('ConfigMap', `${role}-config`)
    const secret = named('Secret', `${role}-secret`).stringData
    const known: readonly string[] = Object.values(VARIABLES).map((variable) => variable.name)
    for (const name of Object.keys({ ...data, ...secret })) expect(known).toContain(name)
    const filled = Object.entries({ ...data, ...secret }).map(([name, value]) => [name, fill(value)])
    expect(readConfig({ HOST: '0.0.0.0', ...Object.fromEntries(filled) }, role).role).toBe(role)
  })
})

it('every Secret is made of placeholders', () => {
  const holds = /(PASS|PASSWORD|SECRET|KEY)$/
  for (const { stringData } of all.filter(({ kind }) => kind === 'Secret')) {
    for (const [name, value] of Object.entries(stringData ?? {})) {
      if (holds.test(name)) expect(value, name).toMatch(/^<[a-z-]+>$|^1$/)
      if (name.endsWith('_URL')) expect(value, name).not.toMatch(/:[^/<]+@/)
    }
  }
  expect(manifests('base/').filter(({ kind }) => kind === 'Secret')).toEqual([])
})

it('Services, Ingress and NodePort bear the names and ports of the contract', () => {
  const ports = all
    .filter(({ kind, spec }) => kind === 'Service' && spec.type === undefined)
    .map(({ metadata, spec }) => [metadata.name, ...spec.ports.map(({ port }) => port)])
  expect(Object.fromEntries(ports.map(([name, ...numbers]) => [name, numbers]))).toEqual({
    auth: [5000],
    gateway: [8080],
    notification: [8082],
    rabbitmq: [5672, 15672],
    mongodb: [27017],
    mysql: [3306],
    postgres: [5432],
  })
  expect(named('Service', 'gateway-node-port').spec).toMatchObject({
    type: 'NodePort',
    ports: [{ port: 8080, nodePort: 30002 }],
  })
  const ingress = named('Ingress', 'gateway')
  const annotation = (name: string) => ingress.metadata.annotations?.[`nginx.ingress.kubernetes.io/${name}`]
  expect(['proxy-body-size', 'proxy-read-timeout', 'proxy-send-timeout'].map(annotation)).toEqual([
    '0',
    '600',
    '600',
  ])
  const service = { name: 'gateway', port: { number: 8080 } }
  expect(ingress.spec.rules).toMatchObject([
    { host: 'mp3converter.com', http: { paths: [{ backend: { service } }] } },
  ])
  expect(named('StatefulSet', 'rabbitmq').spec.volumeClaimTemplates).toHaveLength(1)
})

it('what a Service of ours leads to goes on until every node knows that it ends', () => {
  const stays = { lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } }
  for (const role of ROLES.filter((each) => each !== 'converter'))
    expect(named('Deployment', role).spec.template.spec.containers).toMatchObject([stays])
})

it('what a Service selects has the port that it names', () => {
  for (const { metadata, spec } of all.filter(({ kind }) => kind === 'Service')) {
    const pod = pods.find((each) => each.metadata.name === spec.selector[COMPONENT])
    const open = pod?.spec.template.spec.containers.flatMap((each) => each.ports.map(({ name }) => name))
    for (const { targetPort } of spec.ports) expect(open, metadata.name).toContain(targetPort)
  }
})

it('the namespace is restricted; what is replicated has a budget; converters scale', () => {
  const level = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  expect(named('Namespace', 'soundlift').metadata.labels).toMatchObject(level)
  for (const name of [...ROLES, 'rabbitmq']) {
    const { selector } = named('PodDisruptionBudget', name).spec
    expect(selector).toEqual({ matchLabels: { [COMPONENT]: name } })
  }
  const scaleTargetRef = { name: 'converter' }
  for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject'])
    expect(named(kind, 'converter').spec).toMatchObject({ scaleTargetRef })
})

describe('network policies let through exactly the arrows', () => {
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy')
  const INSIDE = [
    'auth → mysql:3306',
    'auth → postgres:5432',
    'converter → auth:5000',
    'converter → mongodb:27017',
    'converter → rabbitmq:5672',
    'gateway → auth:5000',
    'gateway → mongodb:27017',
    'gateway → notification:8082',
    'gateway → rabbitmq:5672',
    'mongodb → mongodb:27017',
    'notification → auth:5000',
    'notification → mongodb:27017',
    'notification → mysql:3306',
    'notification → postgres:5432',
    'notification → rabbitmq:5672',
  ]
  const outside = (arrow: string) => arrow.includes('*')

  it('both ends of each arrow inside are open', () => {
    const [into, outOf] = [policies.flatMap(incoming), policies.flatMap(outgoing)]
    expect(into.filter((arrow) => !outside(arrow)).sort()).toEqual(INSIDE)
    expect(outOf.filter((arrow) => !outside(arrow)).sort()).toEqual(INSIDE)
  })

  it('from and to outside: people, names, mail, webhooks; KEDA, Prometheus; the databases of the cloud', () => {
    const ends = [...policies.flatMap(incoming), ...policies.flatMap(outgoing)].filter(outside).sort()
    const cloud = ROLES.flatMap((role) => [3306, 5432, 27017].map((port) => `${role} → *:${port}`))
    const bytes = ['gateway', 'converter', 'notification'].map((role) => `${role} → *:443`)
    const mail = [25, 465, 587].map((port) => `notification → *:${port}`)
    const webhooks = [80, 443].map((port) => `notification → *public:${port}`)
    const names = ['* → *:53', '* → *:53']
    const scraped = ROLES.map((role) => `*monitoring → ${role}:9090`)
    const inward = ['* → gateway:8080', '*keda → rabbitmq:5672', ...scraped]
    expect(ends).toEqual([...cloud, ...bytes, ...mail, ...webhooks, ...names, ...inward].sort())
  })

  it('everything else is denied, both ways', () => {
    expect(named('NetworkPolicy', 'default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    })
  })
})

it('every file is listed by the kustomization beside it, and what is listed is there', () => {
  for (const path of globSync(`${MANIFESTS}**/kustomization.yaml`)) {
    const folder = dirname(path)
    const listed: { resources?: string[]; components?: string[] } = parse(readFileSync(path, 'utf8'))
    const resources = [...(listed.resources ?? []), ...(listed.components ?? [])]
    const beside = globSync(`${folder}/*.yaml`).map((file) => relative(folder, file))
    const own = beside.filter((file) => !/^(kustomization|secrets(\.example)?)\.yaml$/.test(file))
    expect(resources).toEqual(expect.arrayContaining(own))
    for (const resource of resources.filter((each) => each !== 'secrets.yaml'))
      expect(existsSync(`${folder}/${resource}`), `${resource} in ${path}`).toBe(true)
  }
})

function labels(component: string) {
  return {
    'app.kubernetes.io/name': 'soundlift',
    [COMPONENT]: component,
    'app.kubernetes.io/part-of': 'soundlift',
  }
}

function fill(value: string): string {
  return value.replace('<admin-email>', 'me@example.com').replace(/<[a-z-]+>/g, 'a'.repeat(48))
}
