import { AppError } from '../domain/errors.ts'
import { createHttpService, type HttpService, type Listen } from './http-service.ts'
import { createServer, type ServerOptions } from './server.ts'

/** Seconds after which it makes sense to ask again. */
const ASK_AGAIN = 5
const HEALTH: readonly (string | undefined)[] = ['/healthz', '/readyz']
const QUIET = { config: { quiet: true } } as const

/**
 * Stands on the port of a service that waits for its stores: alive, not ready, and every request is told to come again.
 * An outage is no reason to be started anew.
 */
export function createWaitingRoom(options: ServerOptions & { name: string; listen: Listen }): HttpService {
  const { name, listen, ...server } = options
  return createHttpService(name, listen, async () => {
    const app = await createServer(server)
    app.addHook('onRequest', async ({ routeOptions }) => {
      if (HEALTH.includes(routeOptions.url)) return
      throw new AppError('SERVICE_UNAVAILABLE', `${name} is starting`, { retryAfter: ASK_AGAIN })
    })
    app.get('/healthz', QUIET, async () => ({ status: 'ok' }))
    app.get('/readyz', QUIET, async (_request, reply) =>
      reply.code(503).send({ status: 'starting', checks: {} }),
    )
    return app
  })
}
