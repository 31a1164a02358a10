import { type Checks, healthRoutes } from '../../http/health.ts'
import { createHttpService, type HttpService, type Listen } from '../../http/http-service.ts'
import { createServer, type Server, type ServerOptions } from '../../http/server.ts'
import type { NotificationCenter } from '../../ports/notification-center.ts'
import { centerRoutes } from './center/routes.ts'

export interface NotificationServerParts extends ServerOptions {
  readonly center: NotificationCenter
  /** JWT_SECRET: who has it may ask. */
  readonly secret: string
  readonly listen: Listen
  readonly checks: Checks
}

/** The notification service on its own port: /healthz, /readyz, and the notification center for our gateway alone. */
export function createNotificationServer(parts: NotificationServerParts): HttpService {
  const { center, secret, listen, checks, ...server } = parts
  return createHttpService('notification', listen, async () => {
    const app = await createServer(server)
    healthRoutes(app, checks)
    await app.register((scope: Server) => centerRoutes(scope, center, secret))
    return app
  })
}
