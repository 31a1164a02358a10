import { accountRoutes } from '../../http/account-routes/index.ts'
import { healthRoutes } from '../../http/health.ts'
import { createHttpService, type HttpService, type Listen } from '../../http/http-service.ts'
import { createServer, type ServerOptions } from '../../http/server.ts'
import { accountIdRoute } from './account-id-route.ts'
import type { Auth } from './auth.ts'
import { passwordResetRoutes } from './password-reset-routes.ts'

export { type Auth, type AuthSettings, createAuth } from './auth.ts'
export { type ImportUsersParts, importUsers } from './import-users.ts'
export { createLocalIdentity } from './local-identity.ts'
export { createPasswords } from './passwords.ts'
export { createTokens } from './tokens.ts'

export interface AuthServerParts extends ServerOptions {
  readonly auth: Auth
  /** JWT_SECRET: who has it may ask what only our own services may. */
  readonly secret: string
  readonly listen: Listen
}

/** The auth service on its own port: /register, /login, /me, /validate, /healthz, /readyz; and what only our own services may ask. */
export function createAuthServer({ auth, secret, listen, ...server }: AuthServerParts): HttpService {
  return createHttpService('auth', listen, async () => {
    await auth.prepare()
    const app = await createServer(server)
    healthRoutes(app, { hard: { users: () => auth.ping() } })
    await accountRoutes(app, auth)
    accountIdRoute(app, auth, secret)
    passwordResetRoutes(app, auth, secret)
    return app
  })
}
