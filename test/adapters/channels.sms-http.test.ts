import { describe, expect, it, onTestFinished } from 'vitest'
import { openSmsHttp } from '../../src/adapters/channels/sms-http.ts'
import { textContract } from '../contract/channel.ts'
import { openSmsProvider, type SmsAnswer } from '../support/sms-provider.ts'

const MESSAGE = { id: 'e1.sms@soundlift', to: '+15550123456', text: 'talk.mp3 is ready' }

textContract('JSON over HTTP', async () => {
  const provider = await openSmsProvider({ status: 202 })
  return {
    channel: await openSmsHttp({ url: `http://${provider.host}/send` }),
    answer: 'sent',
    async newest() {
      const { to, text } = JSON.parse(provider.requests.at(-1)?.body ?? '')
      return { to, text }
    },
    close: () => provider.close(),
  }
})

async function sendTo(answer: SmsAnswer | 'silent', login = '', timeoutMs = 2_000) {
  const provider = await openSmsProvider(answer)
  onTestFinished(() => provider.close())
  const channel = await openSmsHttp({
    url: `http://${login}${provider.host}/send?route=1&tls=off`,
    timeoutMs,
  })
  return { provider, sending: channel.send(MESSAGE) }
}

describe('JSON over HTTP', () => {
  it.each([
    ['', undefined],
    ['me:pass%20word@', `Basic ${Buffer.from('me:pass word').toString('base64')}`],
    ['token@', 'Bearer token'],
  ])('logs in by %j', async (login, authorization) => {
    const { provider, sending } = await sendTo({ status: 200 }, login)
    expect(await sending).toBe('sent')
    const [request] = provider.requests
    expect(request).toMatchObject({ path: '/send?route=1', headers: { 'idempotency-key': MESSAGE.id } })
    expect(request?.headers.authorization).toBe(authorization)
    expect(JSON.parse(request?.body ?? '')).toEqual(MESSAGE)
  })

  it.each([
    [{ status: 400, body: 'no such number' }, 'DELIVERY_REFUSED'],
    [{ status: 422 }, 'DELIVERY_REFUSED'],
    [{ status: 410 }, 'DELIVERY_REFUSED'],
    [{ status: 401 }, 'DELIVERY_DEFERRED'],
    [{ status: 404 }, 'DELIVERY_DEFERRED'],
    [{ status: 302, headers: { location: '/elsewhere' } }, 'DELIVERY_DEFERRED'],
    [{ status: 429 }, 'DELIVERY_DEFERRED'],
    [{ status: 502, body: 'x'.repeat(5_000_000) }, 'DELIVERY_DEFERRED'],
    ['silent' as const, 'DELIVERY_DEFERRED'],
  ])('takes %j for what it is', async (answer, code) => {
    const { sending } = await sendTo(answer)
    const error: unknown = await sending.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code })
    expect(String(error).length).toBeLessThan(400)
  })
})
