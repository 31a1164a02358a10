import { type Checks, healthRoutes } from './health.ts'
import { createHttpService, type HttpService, type Listen } from './http-service.ts'
import { createServer, type ServerOptions } from './server.ts'

/** /healthz and /readyz of a service that has no other routes. */
export function createHealthServer(
  options: ServerOptions & { name: string; listen: Listen; checks: Checks },
): HttpService {
  const { name, listen, checks, ...server } = options
  return createHttpService(`health of ${name}`, listen, async () => {
    const app = await createServer(server)
    healthRoutes(app, checks)
    return app
  })
}
