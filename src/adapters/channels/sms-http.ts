import type { Channel, Text } from '../../ports/channel.ts'
import type { SmsSettings } from './index.ts'
import { checkText } from './sms/check-text.ts'
import { post } from './sms/post.ts'
import { refusal } from './sms/refusal.ts'
import { basic, parseSmsUrl } from './sms/sms-url.ts'

/**
 * Texts by a POST of JSON {to, text, id} to any address. `user:password@` is sent as Basic, `token@` as Bearer; the id stands
 * in Idempotency-Key too. 2xx: taken.
 */
export async function openSmsHttp({ url, timeoutMs = 20_000 }: SmsSettings): Promise<Channel<Text>> {
  const { address, user, password } = parseSmsUrl(url)
  const login =
    user === '' ? {} : { authorization: password === '' ? `Bearer ${user}` : basic(user, password) }
  return {
    async send(message) {
      const { id, to, text } = checkText(message)
      const headers = { ...login, 'content-type': 'application/json', 'idempotency-key': id }
      const answer = await post({ address, headers, body: JSON.stringify({ to, text, id }), timeoutMs })
      if (answer.status >= 200 && answer.status < 300) return 'sent'
      throw refusal(address, answer, answer.body)
    },
    async close() {},
  }
}
