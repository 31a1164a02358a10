import type { FastifyRequest } from 'fastify'
import type { Identity } from '../../ports/identity.ts'
import { basicCredentials } from '../authorization.ts'
import { ACCOUNT_REFUSALS, MP3_REFUSALS } from '../refusals.ts'
import type { Server } from '../server.ts'
import { jsonCredentials } from './credentials.ts'

/** `POST /login`: a JSON content type gets `{"token"}`, everything else is HTTP Basic and gets the bare token. */
export function loginRoute(app: Server, identity: Identity): void {
  const refusals = (request: FastifyRequest) => (isJson(request) ? ACCOUNT_REFUSALS : MP3_REFUSALS)
  app.post('/login', { config: { refusals } }, async (request, reply) => {
    const address = request.ip
    reply.header('cache-control', 'no-store')
    if (isJson(request)) {
      return {
        token: await identity.login({ ...jsonCredentials(request.body), address }, 'json', request.id),
      }
    }
    const credentials = basicCredentials(request.headers.authorization)
    const token = await identity.login({ ...credentials, address }, 'basic', request.id)
    return reply.type('text/plain; charset=utf-8').send(token)
  })
}

const isJson = ({ headers }: FastifyRequest) =>
  /^\s*application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
