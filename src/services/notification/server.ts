import { type Checks, healthRoutes } from '../../http/health.ts'
import { createHttpService, type HttpService, type Listen } from '../../http/http-service.ts'
import { createServer, type Server, type ServerOptions } from '../../http/server.ts'
import type { Desk } from '../../ports/desk.ts'
import { deskRoutes } from './desk-routes.ts'

export interface NotificationServerParts extends ServerOptions {
  readonly desk: Desk
  /** JWT_SECRET: who has it may ask. */
  readonly secret: string
  readonly listen: Listen
  readonly checks: Checks
}

/** The notification service on its own port: /healthz, /readyz, and the desk for our gateway alone. */
export function createNotificationServer(parts: NotificationServerParts): HttpService {
  const { desk, secret, listen, checks, ...server } = parts
  return createHttpService('notification', listen, async () => {
    const app = await createServer(server)
    healthRoutes(app, checks)
    await app.register((scope: Server) => deskRoutes(scope, desk, secret))
    return app
  })
}
