import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, readConfig } from '../../src/config.ts'
import { absentPrograms } from '../support/absent-programs.ts'
import { incoming, outgoing } from '../support/arrows.ts'
import { CHART, helm, PAIRINGS, render, set, TOOLS, template } from '../support/chart.ts'
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts'
import { MANIFESTS, type Manifest, type PodSpec } from '../support/manifests.ts'
import { expectRestricted, expectThreeProbes } from '../support/pod-rules.ts'

const absent = absentPrograms(TOOLS['PATH'] ?? '', 'helm', 'kubectl', 'cluster', 'etcd')
if (absent.length > 0) console.warn(`absent: ${absent.join(', ')} (the chart is not tested)`)
const skipped = absent.length > 0 && process.env['CI'] !== 'true'

describe.skipIf(skipped)('the chart', () => {
  it('has nothing to complain about', async () => {
    const { code, out, err } = await helm(['lint', '--strict', '--kube-version', '1.35.0', CHART])
    expect(code, out + err).toBe(0)
  })

  describe.each(Object.entries(PAIRINGS))('%s', (_, values) => {
    let objects: readonly Manifest[] = []
    beforeAll(async () => {
      objects = await render(values)
    })
    const of = (kind: string) => objects.filter((each) => each.kind === kind)

    it('every pod may do nothing it need not; what stays has three probes', () => {
      for (const { spec } of ['Deployment', 'StatefulSet', 'Job'].flatMap(of))
        expectRestricted(spec.template.spec)
      for (const { spec } of ['Deployment', 'StatefulSet'].flatMap(of)) expectThreeProbes(spec.template.spec)
    })

    it('each service finds the variables that it needs', () => {
      for (const { metadata, spec } of of('Deployment')) {
        const role = ROLES.find((each) => each === metadata.name)
        expect(readConfig(variables(metadata.name, spec.template.spec, objects), role).role).toBe(role)
      }
    })

    it('both ends of each arrow are open, and nothing else', () => {
      const policies = of('NetworkPolicy')
      const inside = (arrow: string) => !arrow.includes('*')
      const into = policies.flatMap(incoming).filter(inside)
      const out = policies.flatMap(outgoing).filter(inside)
      // The Job's and the test's own ends come and go with them.
      const lasting = (arrow: string) => !/^(migration|test) /.test(arrow)
      expect(into.filter(lasting).sort()).toEqual(out.filter(lasting).sort())
    })
  })

  it('lets through the arrows of the design, and DNS', async () => {
    const policies = (await render([])).filter(({ kind }) => kind === 'NetworkPolicy')
    const out = policies.flatMap(outgoing).filter((arrow) => !arrow.endsWith('*:53'))
    expect(out.sort()).toEqual([
      'auth → postgresql:5432',
      'converter → mongodb:27017',
      'converter → rabbitmq:5672',
      'gateway → auth:5000',
      'gateway → mongodb:27017',
      'gateway → notification:8082',
      'gateway → rabbitmq:5672',
      'notification → *public:443',
      'notification → *public:80',
      'notification → auth:5000',
      'notification → mongodb:27017',
      'notification → postgresql:5432',
      'notification → rabbitmq:5672',
      'test → gateway:8080',
    ])
    const own = await render(PAIRINGS['servers of the user'] ?? [])
    const outside = own.filter(({ kind }) => kind === 'NetworkPolicy').flatMap(outgoing)
    expect(outside.filter((arrow) => /^converter → \*:(?!53$)/.test(arrow)).sort()).toEqual([
      'converter → *:27017',
      'converter → *:5671',
      'converter → *:9443',
    ])
  })

  it('scales converters by the queue with KEDA, by CPU without; no replicas are set beside it', async () => {
    const on = ['converter.scaling.enabled=true']
    const kinds = (objects: readonly Manifest[]) =>
      objects.map(({ kind }) => kind).filter((kind) => /scale/i.test(kind))
    const byCpu = await render(on)
    expect(kinds(byCpu)).toEqual(['HorizontalPodAutoscaler'])
    const byQueue = await render(on, ['--api-versions', 'keda.sh/v1alpha1'])
    expect(kinds(byQueue)).toEqual(['ScaledObject'])
    for (const objects of [byCpu, byQueue]) {
      const converter = objects.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'converter',
      )
      expect(converter?.spec).not.toHaveProperty('replicas')
    }
    expect(byQueue.flatMap((each) => (each.kind === 'NetworkPolicy' ? incoming(each) : []))).toContain(
      '*keda → rabbitmq:5672',
    )
  })

  it('leads to the gateway by Gateway API too, and lets long uploads be', async () => {
    const objects = await render(['httpRoute.enabled=true', 'httpRoute.parentRefs[0].name=mine'])
    expect(objects.find(({ kind }) => kind === 'HTTPRoute')?.spec).toMatchObject({
      parentRefs: [{ name: 'mine' }],
      hostnames: ['mp3converter.com'],
      rules: [
        {
          timeouts: { request: '0s', backendRequest: '0s' },
          backendRefs: [{ name: 'gateway', port: 8080 }],
        },
      ],
    })
  })

  it.each([
    [['users.store=oracle'], "at '/users/store': value must be one of"],
    [['users.url=localhost:5432'], "at '/users/url': 'localhost:5432' does not match pattern"],
    [['users.store=url'], 'users.url: users.store is url, and there is none: give it, or a Secret'],
    [['users.store=mongodb'], 'notifications.store: accounts are in MongoDB'],
    [['replicas=3'], "additional properties 'replicas' not allowed"],
    [['gateway.replicas=0'], "at '/gateway/replicas'"],
    [['env.upload_limit=2GB'], "at '/env': additional properties 'upload_limit' not allowed"],
    [['httpRoute.enabled=true'], "at '/httpRoute/parentRefs'"],
  ])('refuses %s', async (values, sentence) => {
    const { code, err } = await template(values)
    expect(code).not.toBe(0)
    expect(err).toContain(sentence)
  })
})

describe.skipIf(skipped)('the chart before a real API server', { timeout: 300_000 }, () => {
  let cluster: ControlPlane
  beforeAll(async () => {
    cluster = await startControlPlane()
    await cluster.kubectl(['create', 'namespace', 'soundlift'])
    const levels = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`)
    await cluster.kubectl(['label', 'namespace', 'soundlift', ...levels])
  }, 300_000)
  afterAll(async () => cluster?.stop(), 60_000)

  const ways = {
    ...PAIRINGS,
    'an autoscaler, port 30002, TLS': [
      'converter.scaling.enabled=true',
      'gateway.service.type=NodePort',
      'ingress.className=nginx',
      'ingress.tls=certificate',
    ],
  }
  it.each(Object.entries(ways))('accepts it strictly and without a warning: %s', async (_, values) => {
    const { out } = await template(values)
    const apply = ['apply', '-n', 'soundlift', '--dry-run=server', '--validate=strict', '-f', '-']
    const { code, err } = await cluster.kubectl(apply, out)
    expect(err).toBe('')
    expect(code).toBe(0)
  })

  it('accepts the plain manifests for a cloud too', async () => {
    const apply = ['apply', '--server-side', '--dry-run=server', '--validate=strict']
    const { code, err } = await cluster.kubectl([...apply, '-k', join(MANIFESTS, 'overlays/cloud')])
    expect(err).toBe('')
    expect(code).toBe(0)
  })

  it('keeps what it made: secrets over an upgrade, and over a removal; then the tables are the Job’s', async () => {
    const release = (verb: string, more: readonly string[]) =>
      helm(
        [verb, 'soundlift', ...(verb === 'uninstall' ? [] : [CHART]), '-n', 'soundlift', ...more],
        cluster.env,
      )
    const secrets = async () =>
      (
        await cluster.kubectl([
          '-n',
          'soundlift',
          'get',
          'secret',
          'soundlift-secret',
          '-o',
          'jsonpath={.data}',
        ])
      ).out

    const installed = await release('install', [])
    expect(installed.err + installed.code).toBe('0')
    expect(installed.out).toContain('exec deploy/notification -- soundlift outbox')
    expect(installed.out).toContain('echo "ADDRESS mp3converter.com" | sudo tee -a /etc/hosts')
    const before = await secrets()
    expect(Object.keys(JSON.parse(before)).sort()).toEqual([
      'JWT_SECRET',
      'MONGODB_KEY',
      'MONGODB_PASSWORD',
      'POSTGRESQL_PASSWORD',
      'RABBITMQ_PASSWORD',
    ])

    const planned = await release('upgrade', ['--dry-run=server'])
    expect(planned.out).toMatch(/kind: Job[\s\S]*helm.sh\/hook: pre-install,pre-upgrade/)
    // Its pod would wait for a node.
    const upgraded = await release('upgrade', [...set(['migration.enabled=false', 'auth.replicas=3'])])
    expect(upgraded.code, upgraded.err).toBe(0)
    expect(await secrets()).toBe(before)

    await release('uninstall', [])
    expect((await release('install', [])).code).toBe(0)
    expect(await secrets()).toBe(before)
  })
})

/** The environment of a service: its ConfigMap, its Secret, and `env` with what it refers to; secrets are made up. */
function variables(service: string, pod: PodSpec, objects: readonly Manifest[]): Record<string, string> {
  const data = (kind: string, name: string) => {
    const found = objects.find((each) => each.kind === kind && each.metadata.name === name)
    return { ...found?.data, ...found?.stringData }
  }
  const env: Record<string, string> = {
    ...data('ConfigMap', `${service}-config`),
    ...data('Secret', `${service}-secret`),
  }
  for (const { name, value } of pod.containers[0]?.env ?? []) {
    env[name] = value?.replace(/\$\((\w+)\)/g, (_, other) => env[other] ?? `no ${other}`) ?? madeUp(name)
  }
  return env
}

const SAMPLES: Readonly<Record<string, string>> = {
  BLOBS_URL: 's3://sound',
  BROKER_URL: 'amqp://mq.example.com',
  SMTP_URL: 'smtps://mail.example.com',
}

function madeUp(name: string): string {
  return SAMPLES[name] ?? (name.endsWith('_URL') ? 'postgres://db.example.com/sound' : 'a'.repeat(40))
}
