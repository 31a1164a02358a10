import { askOverHttp } from '../../adapters/ask-over-http.ts'
import { formatSize } from '../../kit/units.ts'
import type { Examination, Examine } from '../../ports/examination.ts'
import { announceBody, sendSlowly } from './send-body.ts'

export interface PublicUrl {
  /** PUBLIC_URL. */
  readonly url: string
  /** UPLOAD_LIMIT, bytes. */
  readonly uploadLimit: number
  /** Milliseconds to send a slow body for. */
  readonly slow: number
  /** Made with our JWT_SECRET, of nobody; null where the secret is not known here. */
  readonly token: string | null
  /** The path of a link to a file that is there; null without one. */
  readonly link: () => Promise<string | null>
}

/** The gateway as people reach it, and what stands before it: does it let large, slow and partial requests pass? */
export const examinePublicUrl: Examine<PublicUrl> = async (place, found) => {
  if (!(await isReached(place, found))) return
  if (place.token !== null) await hasOurSecret(place, place.token, found)
  await takesLargeBodies(place, found)
  await Promise.all([
    place.token === null ? undefined : takesSlowBodies(place, place.token, found),
    answersRanges(place, found),
  ])
}

const at = (url: string, path: string) => new URL(url.replace(/\/$/, '') + path)

async function isReached({ url }: PublicUrl, found: Examination): Promise<boolean> {
  const { status, text } = await askOverHttp(at(url, '/healthz'), {}, found)
  if (status === 200 && text.includes('"ok"')) {
    found.fact('reached')
    return true
  }
  const what = `/healthz answers ${status} ${text}`
  if (status >= 300 && status < 400) {
    found.fail(`it redirects (${status})`, 'Set PUBLIC_URL to where it leads: uploads do not follow.')
  } else if (status === 502 || status === 504) {
    found.fail(what, 'The proxy does not reach the gateway: mend its upstream, or start the gateway.')
  } else found.fail(what, 'Mend PUBLIC_URL or the proxy: no gateway answers there.')
  return false
}

async function hasOurSecret({ url }: PublicUrl, token: string, found: Examination): Promise<void> {
  const request = { method: 'POST', headers: { authorization: `Bearer ${token}` } }
  const { status, text } = await askOverHttp(at(url, '/validate'), request, found)
  if (status === 200) found.fact('it has our JWT_SECRET')
  else if (status === 401 || status === 403) {
    const what = `it refuses a token that was signed here (${status} ${text}): its JWT_SECRET is another`
    found.fail(
      what,
      'Give this command and every service the same JWT_SECRET; after a change start them again.',
    )
  } else found.warn(`/validate answers ${status} ${text}`, 'See the log of the gateway: auth may be away.')
}

/** Sizes at which proxies stop by default, and beyond. */
const SIZES = [1, 8, 50, 100, 1024, 5 * 1024].map((megabytes) => megabytes * 1024 ** 2)

async function takesLargeBodies({ url, uploadLimit }: PublicUrl, found: Examination): Promise<void> {
  const refused = async (bytes: number) => {
    const taken = await announceBody(at(url, '/upload'), bytes)
    return taken.kind === 'answer' && taken.status === 413
  }
  if (!(await refused(uploadLimit))) return found.fact(`takes uploads of ${formatSize(uploadLimit)}`)
  let largest = 0
  for (const size of SIZES) {
    if (size >= uploadLimit || (await refused(size))) break
    largest = size
  }
  const upTo =
    largest === 0 ? `less than ${formatSize(SIZES[0] ?? 0)}` : `${formatSize(largest)} or a little more`
  found.fail(
    `a proxy answers 413 to ${formatSize(uploadLimit)}, UPLOAD_LIMIT; it takes ${upTo}`,
    'nginx: `client_max_body_size 0;`; ingress-nginx: the annotation proxy-body-size "0"; else the body limit of what stands before the gateway.',
  )
}

async function takesSlowBodies({ url, slow }: PublicUrl, token: string, found: Examination): Promise<void> {
  const started = performance.now()
  const taken = await sendSlowly(at(url, '/upload'), token, slow)
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  if (taken.kind === 'taken') return found.fact(`takes a slow upload for ${slow / 1_000} s`)
  if (taken.kind === 'answer' && taken.ours && taken.status !== 408) {
    const mend = 'Its log says why; a slow upload could not be tried.'
    return found.warn(`the gateway answers ${taken.status} to an upload`, mend)
  }
  const how = taken.kind === 'answer' ? `answered ${taken.status}` : `cut off (${taken.why})`
  found.fail(
    `a slow upload is ${how} after ${seconds} s`,
    'nginx: `client_body_timeout 600s; proxy_read_timeout 600s; proxy_send_timeout 600s; proxy_request_buffering off;`; else the time-outs of what stands before the gateway.',
  )
}

async function answersRanges({ url, link }: PublicUrl, found: Examination): Promise<void> {
  const path = await link()
  if (path === null) return found.fact('no file yet to try Range on')
  const { status } = await askOverHttp(at(url, path), { headers: { range: 'bytes=0-0' } }, found)
  if (status === 206) return found.fact('answers Range with 206')
  const mend =
    'Let the proxy pass the Range header and change no bodies (nginx: no `proxy_set_header Range "";`, no `gzip`, `proxy_force_ranges on;`): players and broken-off downloads need it.'
  if (status === 200) found.fail('Range is answered with 200, the whole file', mend)
  else found.warn(`a link to the newest file answers ${status}`, 'See the log of the gateway.')
}
