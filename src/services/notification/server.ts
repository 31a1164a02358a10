import { Type } from 'typebox'
import { type Checks, healthRoutes } from '../../http/health.ts'
import { createHttpService, type HttpService, type Listen } from '../../http/http-service.ts'
import { createInternalGuard } from '../../http/internal-guard.ts'
import { createServer, type Server, type ServerOptions } from '../../http/server.ts'
import type { PreferenceStore } from '../../ports/notifications.ts'

export interface NotificationServerParts extends ServerOptions {
  readonly notifications: PreferenceStore
  /** JWT_SECRET: who has it may ask. */
  readonly secret: string
  readonly listen: Listen
  readonly checks: Checks
}

/** The notification service on its own port: /healthz, /readyz, and the preferences for our gateway alone. */
export function createNotificationServer(parts: NotificationServerParts): HttpService {
  const { notifications, secret, listen, checks, ...server } = parts
  return createHttpService('notification', listen, async () => {
    const app = await createServer(server)
    healthRoutes(app, checks)
    await app.register((scope: Server) => preferenceRoutes(scope, notifications, secret))
    return app
  })
}

const PARAMS = Type.Object({ person: Type.String({ minLength: 1, maxLength: 320 }) })
const BODY = Type.Object({ email: Type.Object({ enabled: Type.Boolean() }) })

async function preferenceRoutes(app: Server, store: PreferenceStore, secret: string): Promise<void> {
  app.addHook('onRequest', createInternalGuard(secret))
  app.get('/preferences/:person', { schema: { params: PARAMS } }, ({ params }) =>
    store.preferences(params.person),
  )
  app.put('/preferences/:person', { schema: { params: PARAMS, body: BODY } }, async ({ params, body }) => {
    await store.setPreferences(params.person, body)
    return body
  })
}
