import type { Examine } from '../../../ports/examination.ts'
import { askOverHttp } from '../../ask-over-http.ts'

interface Examined {
  /** AUTH_URL. */
  readonly url: string
  /** A token that was made with our JWT_SECRET. */
  readonly token: string
}

/** Auth: answers, is ready, has our clock and our secret. */
export const examineHttpIdentity: Examine<Examined> = async ({ url, token }, found) => {
  const ready = await askOverHttp(new URL('/readyz', url), {}, found)
  if (ready.status === 200) found.fact(`${new URL(url).host} is ready`)
  else {
    const mend = 'Its log says what it waits for; run `soundlift doctor auth` with its settings.'
    found.fail(`it is not ready: ${ready.status} ${ready.text}`, mend)
  }
  const headers = { authorization: `Bearer ${token}` }
  const { status, text } = await askOverHttp(new URL('/validate', url), { method: 'POST', headers }, found)
  if (status === 200) found.fact('it has our JWT_SECRET')
  else if (status === 401 || status === 403) {
    const what = `it refuses a token that was signed here (${status} ${text}): its JWT_SECRET is another`
    found.fail(what, 'Give every service the same JWT_SECRET and start them again; all log in anew.')
  } else if (ready.status === 200) {
    found.fail(
      `/validate answers ${status} ${text}`,
      `Mend ${found.variable}: no auth service answers there.`,
    )
  }
}
