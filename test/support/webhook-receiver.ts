import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setImmediate as breath } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { until } from './wait.ts'

/** How a receiver answers. */
export interface ReceiverManners {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Takes what comes and never answers. */
  readonly silent?: boolean
  /** Answers, and goes on answering for ever. */
  readonly endless?: boolean
}

export interface ReceivedWebhook {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A receiver of webhooks on the loopback, closed with the test. */
export interface WebhookReceiver {
  readonly url: string
  readonly requests: readonly ReceivedWebhook[]
  /** Connections that were ever made, and those that stand. */
  readonly connections: number
  readonly open: number
  /** Bytes an endless answer has come to. */
  readonly written: number
  /** From now on. */
  behave(manners: ReceiverManners): void
  /** Waits for the first request that `fits`. */
  next(what: string, fits: (request: ReceivedWebhook) => boolean): Promise<ReceivedWebhook>
  close(): Promise<void>
}

const CHUNK = Buffer.alloc(64 * 1024)

export async function openReceiver(manners: ReceiverManners = {}, port = 0): Promise<WebhookReceiver> {
  let now = manners
  const counts = { connections: 0, open: 0, written: 0 }
  const requests: ReceivedWebhook[] = []
  const noise = async function* () {
    for (;;) {
      await breath()
      counts.written += CHUNK.length
      yield CHUNK
    }
  }
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => null)
    if (body === null) return
    const { method = '', url: path = '' } = request
    requests.push({ method, path, headers: oneEach(request.headers), body })
    if (now.silent) return
    response.writeHead(now.status ?? 200, now.headers)
    if (now.endless) pipeline(noise, response).catch(() => {})
    else response.end()
  })
  server.on('connection', (socket) => {
    counts.connections += 1
    counts.open += 1
    socket.on('close', () => {
      counts.open -= 1
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port')
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    get connections() {
      return counts.connections
    },
    get open() {
      return counts.open
    },
    get written() {
      return counts.written
    },
    behave(manners) {
      now = manners
    },
    next: (what, fits) => until(what, () => requests.find(fits)),
    close,
  }
}

const oneEach = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
