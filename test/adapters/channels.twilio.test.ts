import { describe, expect, it, onTestFinished } from 'vitest'
import { openSms } from '../../src/adapters/channels/index.ts'
import { openTwilio } from '../../src/adapters/channels/twilio.ts'
import { textContract } from '../contract/channel.ts'
import { openSmsProvider, type SmsAnswer, TWILIO } from '../support/sms-provider.ts'

const FROM = 'from=%2B15550100000'
const MESSAGE = { id: 'e1.sms@soundlift', to: '+15550123456', text: 'talk.mp3 is ready' }
const urlOf = (host: string, query = FROM) => `twilio://AC01:to%2Fken@${host}?${query}&tls=off`

textContract('twilio', async () => {
  const provider = await openSmsProvider(TWILIO.queued)
  const channel = await openTwilio({ url: urlOf(provider.host) })
  return {
    channel,
    answer: 'sent',
    async newest() {
      const form = new URLSearchParams(provider.requests.at(-1)?.body)
      return { to: form.get('To') ?? '', text: form.get('Body') ?? '' }
    },
    close: () => provider.close(),
  }
})

/** Sends one text to a provider that answers so. */
async function sendTo(answer: SmsAnswer | 'silent', query?: string) {
  const provider = await openSmsProvider(answer)
  onTestFinished(() => provider.close())
  const channel = await openTwilio({ url: urlOf(provider.host, query), timeoutMs: 2_000 })
  return { provider, sending: channel.send(MESSAGE) }
}

describe('twilio', () => {
  it('gets form, login and address as it documents them', async () => {
    const { provider, sending } = await sendTo(TWILIO.queued)
    expect(await sending).toBe('sent')
    expect(provider.requests).toMatchObject([
      {
        path: '/2010-04-01/Accounts/AC01/Messages.json',
        body: 'To=%2B15550123456&From=%2B15550100000&Body=talk.mp3+is+ready',
        headers: {
          authorization: `Basic ${Buffer.from('AC01:to/ken').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
    ])
  })

  it('may send by a messaging service', async () => {
    const { provider, sending } = await sendTo(TWILIO.queued, 'from=MG0123')
    await sending
    expect(provider.requests[0]?.body).toContain('MessagingServiceSid=MG0123')
  })

  it.each([
    [
      TWILIO.error(400, 21211, "The 'To' number is not a valid phone number."),
      /refuses the message: 400 21211 The/,
    ],
    [TWILIO.error(400, 21610, 'Attempt to send to unsubscribed recipient'), /unsubscribed recipient/],
    [TWILIO.error(400, 99999, 'a code that is new'), /a code that is new/],
    [{ status: 400, body: '<html>' }, /refuses the message: 400$/],
    [
      { status: 201, body: '{"status":"failed","error_code":30003,"error_message":"Unreachable"}' },
      /30003 Unreachable/,
    ],
  ])('that refuses the message refuses for good: %j', async (answer, why) => {
    const { sending } = await sendTo(answer)
    await expect(sending).rejects.toMatchObject({
      code: 'DELIVERY_REFUSED',
      message: expect.stringMatching(why),
    })
  })

  it.each([
    [TWILIO.error(401, 20003, 'Authenticate'), /refuses the login; check SMS_URL: 401 20003 Authenticate/],
    [TWILIO.error(400, 21606, "The 'From' phone number provided is not valid"), /check SMS_URL/],
    [TWILIO.error(400, 21611, "This 'From' number has exceeded the maximum"), /not take the message now/],
    [TWILIO.error(404, 20404, 'The requested resource was not found'), /check SMS_URL/],
    [TWILIO.error(500, 20500, 'Internal Server Error'), /not take the message now: 500/],
    [{ status: 503, body: 'busy' }, /not take the message now: 503/],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, /check SMS_URL: 307/],
  ])('that may take it later, or whose settings are wrong, puts it off: %j', async (answer, why) => {
    const { sending } = await sendTo(answer)
    const error: unknown = await sending.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'DELIVERY_DEFERRED', message: expect.stringMatching(why) })
    expect(String(error)).not.toMatch(/to\/ken|to%2Fken/)
  })

  it('that asks for patience gets it', async () => {
    const { sending } = await sendTo(TWILIO.error(429, 20429, 'Too Many Requests', { 'retry-after': '77' }))
    await expect(sending).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED', retryAfter: 77 })
  })

  it('that takes the request and says nothing is given up in time', async () => {
    const begun = Date.now()
    const { sending } = await sendTo('silent')
    await expect(sending).rejects.toMatchObject({
      code: 'DELIVERY_DEFERRED',
      message: expect.stringContaining('in time'),
    })
    expect(Date.now() - begun).toBeLessThan(8_000)
  })

  it('that is not there puts it off', async () => {
    const channel = await openTwilio({ url: urlOf('127.0.0.1:9') })
    await expect(channel.send(MESSAGE)).rejects.toMatchObject({ code: 'DELIVERY_DEFERRED' })
  })

  it.each([
    ['twilio://api.twilio.com?from=%2B1555', /ACCOUNT_SID/],
    ['twilio://AC01:token@api.twilio.com', /from=/],
    ['twilio://', /not a URL/],
    ['twilio://AC%zz:x@api.twilio.com?from=1', /percent-encoded/],
    ['http://user:password@sms.example.com/send', /https:\/\/, or add \?tls=off/],
    ['ftp://sms.example.com', /SMS_URL/],
  ])('refuses %s as SMS_URL', async (url, why) => {
    await expect(openSms({ url, dataDir: null })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(why),
    })
  })
})
