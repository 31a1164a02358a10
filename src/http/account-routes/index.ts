import type { Identity } from '../../ports/identity.ts'
import type { Server } from '../server.ts'
import { loginRoute } from './login.ts'
import { meRoute } from './me.ts'
import { registerRoute } from './register.ts'
import { validateRoute } from './validate.ts'

/** /register, both forms of /login, /me and /validate: answered by the auth service and by the gateway alike. */
export async function accountRoutes(app: Server, identity: Identity): Promise<void> {
  registerRoute(app, identity)
  meRoute(app, identity)
  // These two take any body, or none, and do not look at it.
  await app.register(async (scope: Server) => {
    scope.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume()
      done(null)
    })
    loginRoute(scope, identity)
    validateRoute(scope, identity)
  })
}
