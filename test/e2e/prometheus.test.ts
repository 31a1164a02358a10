import { readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { present } from '../support/announce-absent.ts'
import { as, converted, ended, type Person } from '../support/client.ts'
import { media } from '../support/make-media.ts'
import { ROOT, run } from '../support/program.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { metricsUrls, scrape } from '../support/scrape.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer({ METRICS_PORT: '0' })

const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
}
const rulesFile: { groups: { rules: Rule[] }[] } = parse(read('deploy/prometheus/rules.yaml'))
const rules = rulesFile.groups.flatMap((group) => group.rules)
const dashboard: { panels: { title: string; targets: { expr: string }[] }[] } = JSON.parse(
  read('deploy/grafana/soundlift.json'),
)
const panels = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })))

/** One that is done, one that failed, and the mails about both. */
async function work(alice: Person) {
  await converted(alice, await media('m4a'))
  const bad = new FormData()
  bad.set('file', new Blob(['no video']), 'talk.mkv')
  const answer = await as(alice, '/upload', { method: 'POST', body: bad })
  await ended(alice, answer.headers.get('x-conversion-id') ?? '')
}

it('every series that the rules and the dashboard name is in /metrics', async ({ server, alice }) => {
  await work(alice)
  const names = new Set((await scrape(server)).map(({ name }) => name))
  for (const { expr } of [...rules, ...panels]) {
    for (const [name] of expr.matchAll(/\b(?:soundlift|nodejs|process)_\w+/g))
      expect([...names], `${name} of ${expr}`).toContain(name)
  }
})

it('every series that docs/operations.md lists is in /metrics, and no other of ours', async ({
  server,
  alice,
}) => {
  await work(alice)
  const listed = [...read('docs/operations.md').matchAll(/^\| (soundlift_\w+) \|/gm)].map(([, name]) => name)
  const told = (await scrape(server)).map(({ name }) => name).filter((name) => name.startsWith('soundlift_'))
  const bare = new Set(told.map((name) => name.replace(/(_seconds)_(bucket|sum|count)$/, '$1')))
  expect([...bare].sort()).toEqual(listed.sort())
})

it.skipIf(!present('promtool'))(
  'promtool takes the rules and the settings, and each alert comes',
  async () => {
    for (const args of [
      ['check', 'rules', 'deploy/prometheus/rules.yaml'],
      ['check', 'config', 'deploy/prometheus/prometheus.yaml'],
      ['test', 'rules', 'test/support/rules.test.yaml'],
    ]) {
      const { code, out, err } = await run('promtool', args)
      expect(code, `promtool ${args.join(' ')}: ${out}${err}`).toBe(0)
    }
  },
)

it.skipIf(!present('prometheus'))(
  'a real Prometheus scrapes us, has all rules, and every panel shows something',
  async ({ server, alice }) => {
    const targets = metricsUrls(server).map((url) => new URL(url).host)
    const prometheus = await startPrometheus(targets)
    onTestFinished(() => prometheus.stop())
    await until('all targets are up', async () => {
      const up = await prometheus.query('up{job="soundlift"} == 1')
      return up.length === targets.length || undefined
    })
    await work(alice)
    for (const { title, expr } of panels) {
      const asked = expr.replaceAll('$__rate_interval', '1m')
      await until(
        `the panel ${title} shows something: ${asked}`,
        async () => (await prometheus.query(asked)).length > 0 || undefined,
        20_000,
      )
    }
    const loaded = async () => {
      const found = (await prometheus.ask('rules')) as {
        groups: { rules: { name: string; health: string; state: string }[] }[]
      }
      const all = found.groups.flatMap((group) => group.rules)
      return all.every(({ health }) => health === 'ok') ? all : undefined
    }
    const known = await until('all rules were looked at', loaded)
    expect(known.map(({ name }) => name)).toEqual(rules.map(({ alert }) => alert))
    expect(known.filter(({ state }) => state === 'firing')).toEqual([])
  },
)
