import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** What a proxy may do to what passes: each is something that proxies in use do. */
export interface Spoiling {
  /** Answers 413 to longer bodies, as nginx by `client_max_body_size`. */
  readonly bodyCap?: number
  /** Answers 408 when a body has not come within so many milliseconds. */
  readonly bodyTimeout?: number
  /** Drops the Range header, as a cache that keeps whole files. */
  readonly dropsRange?: boolean
  /** Answers 403 to these methods. */
  readonly forbids?: readonly string[]
  /** Milliseconds by which its clock is ahead. */
  readonly clockAhead?: number
}

/** A proxy before a server of the loopback. Close it when the test ends. */
export async function openSpoilingProxy(target: string, spoiling: Spoiling) {
  const server = createServer((from, to) => pass(from, to, new URL(target), spoiling))
  server.on('checkContinue', (from, to) => pass(from, to, new URL(target), spoiling))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function pass(from: IncomingMessage, to: ServerResponse, target: URL, spoiling: Spoiling): void {
  const {
    bodyCap = Number.POSITIVE_INFINITY,
    bodyTimeout,
    dropsRange,
    forbids = [],
    clockAhead = 0,
  } = spoiling
  const { range, expect: _, ...headers } = from.headers
  const refuse = (status: number) => to.writeHead(status, { connection: 'close' }).end()
  if (Number(headers['content-length'] ?? 0) > bodyCap) return void refuse(413)
  if (forbids.includes(from.method ?? '')) return void refuse(403)
  const passed = request(
    {
      ...{ host: target.hostname, port: target.port, method: from.method, path: from.url },
      headers: { ...headers, ...(range !== undefined && !dropsRange && { range }) },
    },
    (answer) => {
      const date = new Date(Date.now() + clockAhead).toUTCString()
      to.writeHead(answer.statusCode ?? 502, { ...answer.headers, date })
      answer.pipe(to)
    },
  )
  passed.on('error', () => to.destroy())
  const timer = bodyTimeout === undefined ? undefined : setTimeout(() => refuse(408), bodyTimeout)
  from.once('end', () => clearTimeout(timer))
  to.once('close', () => {
    clearTimeout(timer)
    passed.destroy()
  })
  from.pipe(passed)
}
