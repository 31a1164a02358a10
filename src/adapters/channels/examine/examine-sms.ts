import type { Examine } from '../../../ports/examination.ts'
import { askOverHttp } from '../../ask-over-http.ts'
import { basic, parseSmsUrl } from '../sms/sms-url.ts'

/** Asks Twilio for the account that is to send; no text is sent. */
export const examineTwilio: Examine<{ readonly url: string }> = async ({ url }, found) => {
  const { address, user, password, tls } = parseSmsUrl(url)
  const path = `/2010-04-01/Accounts/${encodeURIComponent(user)}.json`
  const endpoint = new URL(path, `${tls ? 'https' : 'http'}://${address.host}`)
  const { status } = await askOverHttp(endpoint, { headers: { authorization: basic(user, password) } }, found)
  const mend = `Mend ACCOUNT_SID and AUTH_TOKEN in ${found.variable}; the provider's console shows both.`
  if (status === 200) found.fact(`${address.host} knows the account`)
  else found.fail(`${address.host} refuses the account: ${status}`, mend)
}

/** What a provider of one's own does with HEAD is its affair: that it answers is enough. */
export const examineSmsHttp: Examine<{ readonly url: string }> = async ({ url }, found) => {
  const { address } = parseSmsUrl(url)
  await askOverHttp(new URL(address.pathname, address), { method: 'HEAD' }, found)
  found.fact(`${address.host} answers; the login is not tried, no text is sent`)
}
