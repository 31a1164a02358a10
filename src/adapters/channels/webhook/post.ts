import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'

export interface Post {
  readonly url: URL
  /** The only addresses that are dialled, whatever the name of the URL stands for by then. */
  readonly addresses: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds until a connection stands. */
  readonly connectMs: number
  /** Ends it all. */
  readonly signal: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** Bytes of an answer that are read, and thrown away, before the connection is closed. */
const LONGEST_ANSWER = 64 * 1024

/** One POST over a connection of its own; redirects are answers like others. */
export async function post({ url, addresses, headers, body, connectMs, signal }: Post): Promise<Answer> {
  const bytes = Buffer.from(body)
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': bytes.length },
    agent: false,
    lookup: handBack(addresses),
    signal,
  }
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const secure = url.protocol === 'https:'
  const request = secure ? requestHttps(url, options) : requestHttp(url, options)
  const slow = setTimeout(() => request.destroy(new Error('no connection in time')), connectMs)
  request.once('socket', (socket) => {
    socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(slow))
  })
  request.once('response', resolve)
  request.on('error', reject)
  request.end(bytes)
  try {
    const answer = await answered
    await readAway(answer)
    return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] }
  } finally {
    clearTimeout(slow)
    request.destroy()
  }
}

/** In place of the name's own addresses, which may be others by now (DNS rebinding). Not asked where the URL holds one. */
const handBack =
  (addresses: readonly string[]): LookupFunction =>
  (_name, { all }, tell) => {
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
    const [first] = found
    if (!first) tell(new Error('no address'), '')
    else if (all) tell(null, found)
    else tell(null, first.address, first.family)
  }

/** What counts has come with the headers: how the body ends changes nothing. */
async function readAway(answer: IncomingMessage): Promise<void> {
  let read = 0
  try {
    for await (const chunk of answer) {
      read += Buffer.byteLength(chunk)
      if (read > LONGEST_ANSWER) return
    }
  } catch {}
}
