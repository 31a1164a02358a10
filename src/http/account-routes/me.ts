import type { Identity } from '../../ports/identity.ts'
import { claimsOf, createGuard } from '../guard.ts'
import { ACCOUNT_REFUSALS } from '../refusals.ts'
import type { Server } from '../server.ts'

/** `GET /me` → `{"userId","email"}`. */
export function meRoute(app: Server, identity: Identity): void {
  const onRequest = createGuard(identity)
  app.get('/me', { onRequest, config: { refusals: ACCOUNT_REFUSALS } }, async (request) => {
    const { userId, email } = claimsOf(request)
    return { userId, email }
  })
}
