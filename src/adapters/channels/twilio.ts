import { AppError } from '../../domain/errors.ts'
import type { Channel, Text } from '../../ports/channel.ts'
import type { SmsSettings } from './index.ts'
import { checkText } from './sms/check-text.ts'
import { nameOf, post } from './sms/post.ts'
import { refusal } from './sms/refusal.ts'
import { basic, parseSmsUrl, wrong } from './sms/sms-url.ts'

/**
 * Codes about our own sender, which the operator mends; those about the receiver are many and change, Twilio says, so for
 * them the status decides (https://www.twilio.com/docs/api/errors).
 */
const ABOUT_THE_SENDER = [21212, 21603, 21606, 21659, 21660, 21661]
/** The queue of the sender is full: as good as a 429. */
const QUEUE_FULL = 21611

/**
 * Texts by Twilio's Messages endpoint, `twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=%2B15551234567`; `from` may be a
 * messaging service (MG…). Twilio takes no id of ours: a text that is sent twice arrives twice.
 */
export async function openTwilio({ url, timeoutMs = 20_000 }: SmsSettings): Promise<Channel<Text>> {
  const { address, user, password, tls } = parseSmsUrl(url)
  const from = address.searchParams.get('from')
  if (!user || !password || !from) throw wrong('twilio:// needs ACCOUNT_SID:AUTH_TOKEN@ and ?from=')
  const path = `/2010-04-01/Accounts/${encodeURIComponent(user)}/Messages.json`
  const endpoint = new URL(path, `${tls ? 'https' : 'http'}://${address.host}`)
  const sender: [string, string] = [from.startsWith('MG') ? 'MessagingServiceSid' : 'From', from]
  const headers = {
    authorization: basic(user, password),
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  return {
    async send(message) {
      const { to, text } = checkText(message)
      const body = new URLSearchParams([['To', to], sender, ['Body', text]]).toString()
      const answer = await post({ address: endpoint, headers, body, timeoutMs })
      const told = parse(answer.body)
      if (answer.status === 201 || answer.status === 200) {
        if (told.state !== 'failed' && told.state !== 'undelivered') return 'sent'
        throw new AppError('DELIVERY_REFUSED', `${nameOf(endpoint)} could not send it: ${told.text}`)
      }
      throw refusal(endpoint, { ...answer, status: statusOf(answer.status, told.code) }, told.text)
    },
    async close() {},
  }
}

/** What the status would be if it told whose fault it is. */
function statusOf(status: number, code: number): number {
  if (ABOUT_THE_SENDER.includes(code)) return 403
  return code === QUEUE_FULL ? 429 : status
}

/** Of a message its `status` (a word), of an error its `code` and `message`. */
function parse(body: string): { state: string; code: number; text: string } {
  const told = objectIn(body)
  const word = (name: string) => {
    const value: unknown = Reflect.get(told, name)
    return typeof value === 'string' ? value : ''
  }
  const code: unknown = Reflect.get(told, 'code') ?? Reflect.get(told, 'error_code')
  const text = `${typeof code === 'number' ? `${code} ` : ''}${word('message') || word('error_message')}`
  return { state: word('status'), code: typeof code === 'number' ? code : 0, text }
}

function objectIn(body: string): object {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}
