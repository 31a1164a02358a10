import { expect } from 'vitest'
import { as, converted, ended, upload } from '../support/client.ts'
import { longWav, media } from '../support/make-media.ts'
import { metricsUrls, scrape, sumOf } from '../support/scrape.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'
import { withServer } from '../support/with-server.ts'

const it = withServer({ METRICS_PORT: '0', CONVERTER_SLOTS: '1', LEASE: '5s' })

it('counts what was done, failed and cancelled, what was told, and the requests', async ({
  server,
  alice,
  mail,
}) => {
  await converted(alice, await media('m4a'))
  const bad = new FormData()
  bad.set('file', new Blob(['no video']), 'talk.mkv')
  const refused = await as(alice, '/upload', { method: 'POST', body: bad })
  await ended(alice, refused.headers.get('x-conversion-id') ?? '')
  await mail.nextMail(alice.email)
  const value = async (...asked: readonly [name: string, labels?: Record<string, string>]) =>
    sumOf(await scrape(server), ...asked)

  const state = (name: string) => ({ state: name })
  expect(await value('soundlift_conversions_ended_total', state('done'))).toBe(1)
  expect(await value('soundlift_conversions_ended_total', state('failed'))).toBe(1)
  expect(await value('soundlift_conversions_ended_total', state('cancelled'))).toBe(0)
  expect(await value('soundlift_attempt_seconds_count', { end: 'done' })).toBe(1)
  expect(await value('soundlift_stage_seconds_count', { stage: 'wait' })).toBe(2)
  for (const stage of ['probe', 'convert'])
    expect(await value('soundlift_stage_seconds_count', { stage })).toBe(1)
  expect(await value('soundlift_failures_total', { code: 'MEDIA_UNREADABLE' })).toBe(1)
  expect(await value('soundlift_slots')).toBe(1)
  for (const name of ['soundlift_source_bytes_total', 'soundlift_result_bytes_total'])
    expect(await value(name), name).toBeGreaterThan(1000)
  await until('two mails are counted', async () => {
    const sent = await value('soundlift_deliveries_total', { channel: 'email', end: 'sent' })
    return sent === 2 || undefined
  })
  const uploads = { method: 'POST', route: '/upload', status: '2xx' }
  expect(await value('soundlift_http_request_seconds_count', uploads)).toBe(2)
  expect(await value('soundlift_http_received_bytes_total')).toBeGreaterThan(10_000)
  expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeDefined()
})

it('tells the queue: what waits, what runs, how old the oldest is', async ({ server, alice }) => {
  const path = await longWav(60)
  const ids = [await upload(alice, path), await upload(alice, path), await upload(alice, path)]
  const seen = await until('one runs and two wait', async () => {
    const samples = await scrape(server)
    const [queued, running] = ['queued', 'running'].map((name) =>
      sumOf(samples, `soundlift_conversions_${name}`),
    )
    return queued === 2 && running === 1 ? samples : undefined
  })
  expect(sumOf(seen, 'soundlift_oldest_queued_seconds')).toBeGreaterThan(0)
  expect(sumOf(seen, 'soundlift_slots_busy')).toBe(1)
  // What waits goes first: else it would run when the one before it is gone.
  for (const { conversionId } of ids.toReversed())
    await as(alice, `/v1/conversions/${conversionId}/cancel`, { method: 'POST' })
  await until('the queue is empty again', async () => {
    const samples = await scrape(server)
    const left = ['soundlift_conversions_queued', 'soundlift_oldest_queued_seconds', 'soundlift_slots_busy']
    return left.every((name) => sumOf(samples, name) === 0) || undefined
  })
  const samples = await scrape(server)
  expect(sumOf(samples, 'soundlift_conversions_ended_total', { state: 'cancelled' })).toBe(3)
  expect(sumOf(samples, 'soundlift_attempt_seconds_count', { end: 'lost' })).toBe(1)
})

it('a label holds no id, no address and no URL; unknown routes and methods share one', async ({
  server,
  alice,
}) => {
  await as(alice, `/v1/files/${'ab'.repeat(12)}`)
  for (const path of ['/nowhere/1', '/nowhere/2?token=hush', '/v1/nothing'])
    await fetch(`${server.url}${path}`)
  await fetch(`${server.url}/nowhere`, { method: 'PROPFIND' })
  const samples = await scrape(server)
  const routes = new Set(samples.flatMap(({ labels }) => labels['route'] ?? []))
  expect(routes).toContain('unknown')
  expect(routes).toContain('/v1/files/:id')
  const labels = samples.flatMap((each) => Object.values(each.labels)).join('\n')
  expect(labels).not.toMatch(/[0-9a-f]{24}|@|nowhere|hush|PROPFIND|healthz/)
})

it('each process tells its own, and never on the public port', async ({ server }) => {
  const urls = metricsUrls(server)
  expect(urls).toHaveLength(process.env['TOPOLOGY'] === 'many' ? 4 : 1)
  for (const url of urls) expect((await fetch(`${url}/metrics`)).status).toBe(200)
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
})

it('one process measures nothing unless it is asked to', { tags: ['topology-one'] }, async ({
  onTestFinished,
}) => {
  const server = await startServer()
  onTestFinished(() => server.remove())
  expect(server.lines.join('\n')).not.toContain('metrics')
})
