import type { Examine } from '../../../ports/examination.ts'
import { internalToken } from '../../../ports/internal-token.ts'
import { askOverHttp } from '../../ask-over-http.ts'
import type { NotificationCenterSettings } from '../index.ts'

/** Someone nobody is: what is asked of him changes nothing. */
const NOBODY = 'doctor@soundlift.invalid'

/** The notification service: answers, is ready, has our clock and our secret. */
export const examineHttpCenter: Examine<NotificationCenterSettings> = async ({ url, secret }, found) => {
  const ready = await askOverHttp(new URL('/readyz', url), {}, found)
  if (ready.status !== 200) {
    const mend = 'Its log says what it waits for; run `soundlift doctor notification` with its settings.'
    found.fail(`it is not ready: ${ready.status} ${ready.text}`, mend)
    return
  }
  found.fact(`${new URL(url).host} is ready`)
  const headers = { authorization: `Bearer ${internalToken(secret)}`, 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify({ person: NOBODY }) }
  const { status, text } = await askOverHttp(new URL('/center/preferences', url), request, found)
  if (status === 200) found.fact('it has our JWT_SECRET')
  else if (status === 401) {
    const what = 'it refuses us: its JWT_SECRET is another, or one of the clocks is more than a minute off'
    found.fail(what, 'Give every service the same JWT_SECRET and start them again; set the clocks by NTP.')
  } else {
    const mend = `Mend ${found.variable}: no notification service answers there.`
    found.fail(`/center/preferences answers ${status} ${text}`, mend)
  }
}
