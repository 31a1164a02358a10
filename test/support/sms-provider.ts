import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request as it came. */
export interface SmsRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface SmsAnswer {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A provider on the loopback that answers what it is told to; `silent` takes the request and says nothing. */
export async function openSmsProvider(first: SmsAnswer | 'silent') {
  let answer = first
  const requests: SmsRequest[] = []
  const server = createServer(async (request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers, body: await text(request) })
    if (answer === 'silent') return
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.body ?? '')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port }: AddressInfo = Object(server.address())
  return {
    host: `127.0.0.1:${port}`,
    requests,
    answerWith(next: SmsAnswer | 'silent') {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** As Twilio documents its Messages endpoint: the message it made, or an error. */
export const TWILIO = {
  queued: {
    status: 201,
    body: JSON.stringify({ sid: 'SM0123', status: 'queued', error_code: null, error_message: null }),
  },
  error: (status: number, code: number, message: string, headers = {}): SmsAnswer => ({
    status,
    headers,
    body: JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
  }),
}
