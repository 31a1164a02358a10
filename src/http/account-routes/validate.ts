import type { Identity } from '../../ports/identity.ts'
import { claimsOf, createGuard } from '../guard.ts'
import { MP3_REFUSALS } from '../refusals.ts'
import type { Server } from '../server.ts'

/** `POST /validate` with a token → its claims, in their order. */
export function validateRoute(app: Server, identity: Identity): void {
  const onRequest = createGuard(identity)
  app.post('/validate', { onRequest, config: { refusals: MP3_REFUSALS } }, async (request) => {
    const { username, exp, iat, admin, sub, userId, email } = claimsOf(request)
    return { username, exp, iat, admin, sub, userId, email }
  })
}
