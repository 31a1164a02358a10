import { expect, it, onTestFinished } from 'vitest'
import { as, converted, ended, formOf, newPerson } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'
import { openMailReceiver } from '../support/mail-receiver.ts'
import { media } from '../support/make-media.ts'
import { openOtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/wait.ts'

/** A server that sends its spans soon, whoever takes mails, and someone with an account. */
async function scene(endpoint: string) {
  const mail = await openMailReceiver()
  onTestFinished(() => mail.close())
  const server = await startServer({
    SMTP_URL: mail.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  })
  onTestFinished(() => server.remove())
  return { server, mail, alice: await newPerson(server.url) }
}

const nameOf = (service: string) =>
  process.env['TOPOLOGY'] === 'many' ? `soundlift-${service}` : 'soundlift'

it('one trace leads from the upload through the queue and the converter to the mail', async () => {
  const collector = await openOtlpReceiver()
  onTestFinished(() => collector.close())
  const { alice, mail } = await scene(collector.url)
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
  const body = await formOf(await media('m4a'))
  const answer = await as(alice, '/upload', { method: 'POST', headers: { traceparent }, body })
  const id = answer.headers.get('x-conversion-id') ?? ''
  await ended(alice, id)
  await mail.nextMail(alice.email)

  const names = ['POST /upload', 'wait in the queue', 'attempt', 'probe', 'convert', 'deliver email']
  const trace = await until('all spans of the trace', () => {
    const found = new Map(
      collector.spans.filter((span) => span.traceId === traceId).map((span) => [span.name, span] as const),
    )
    return names.every((name) => found.has(name)) ? found : undefined
  })
  expect([...trace.keys()].sort()).toEqual(names.toSorted())
  const span = (name: string): Partial<ReceivedSpan> => trace.get(name) ?? {}
  const [upload, attempt] = [span('POST /upload'), span('attempt')]
  expect(upload).toMatchObject({ parentSpanId: '00f067aa0ba902b7', service: nameOf('gateway') })
  for (const name of ['wait in the queue', 'attempt', 'deliver email'])
    expect(span(name).parentSpanId, name).toBe(upload.spanId)
  for (const name of ['probe', 'convert']) expect(span(name).parentSpanId, name).toBe(attempt.spanId)
  expect(attempt).toMatchObject({
    service: nameOf('converter'),
    attributes: { 'soundlift.conversion.id': id, 'soundlift.end': 'done' },
  })
  expect(span('deliver email')).toMatchObject({
    service: nameOf('notification'),
    attributes: { 'soundlift.conversion.id': id, 'soundlift.end': 'sent' },
  })
  for (const each of trace.values())
    expect(BigInt(each.endTimeUnixNano), each.name).toBeGreaterThanOrEqual(BigInt(each.startTimeUnixNano))
})

it('spans bear ids and codes; no address, no token, no name of a file', async () => {
  const collector = await openOtlpReceiver()
  onTestFinished(() => collector.close())
  const { server, alice, mail } = await scene(collector.url)
  const form = new FormData()
  form.set('file', new Blob(['no video']), 'my-holiday.mkv')
  const answer = await as(alice, '/upload', { method: 'POST', body: form })
  await ended(alice, answer.headers.get('x-conversion-id') ?? '')
  await mail.nextMail(alice.email)
  const [result] = await Promise.all([
    converted(alice, await media('m4a')),
    fetch(`${server.url}/nowhere?token=hush-hush`, { headers: { traceparent: 'nonsense' } }),
  ])
  const link: { url: string } = JSON.parse(
    await (await as(alice, `/v1/files/${result.result?.id}/link`, { method: 'POST' })).text(),
  )
  await (await fetch(link.url)).arrayBuffer()
  const failed = await until('the span of the failed attempt', () =>
    collector.spans.find(({ name, attributes }) => name === 'attempt' && attributes['error.type']),
  )
  expect(failed.attributes).toMatchObject({ 'error.type': 'MEDIA_UNREADABLE', 'soundlift.end': 'failed' })
  await until('the last request', () => collector.spans.find(({ name }) => name === 'GET unknown'))
  const secrets = [alice.email, alice.token, alice.password, 'my-holiday', 'hush-hush', link.url.slice(-30)]
  for (const secret of [...secrets, '@example.com']) expect(collector.said()).not.toContain(secret)
})

it('a collector that is away costs nothing but spans', { tags: ['topology-one'] }, async () => {
  const { server, alice } = await scene(`http://127.0.0.1:${await freePort()}`)
  expect((await converted(alice, await media('m4a'))).state).toBe('done')
  await until('it is told', () => server.lines.find((line) => line.includes('traces can not be sent')))
  expect(await server.stop()).toBe(0)
})
