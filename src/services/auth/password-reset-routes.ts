import { Type } from 'typebox'
import { createInternalGuard } from '../../http/internal-guard.ts'
import type { Server } from '../../http/server.ts'
import type { Auth } from './auth.ts'

const Email = Type.String({ maxLength: 320 })
const ASK = { body: Type.Object({ email: Email, address: Type.String({ maxLength: 64 }) }) }
const SET = { body: Type.Object({ token: Type.String({ maxLength: 1_000 }), password: Type.String() }) }

/** `POST /password-resets` → {reset}, `POST /password-resets/confirm` → {}: for our own services, on auth's own port alone. */
export function passwordResetRoutes(app: Server, auth: Auth, secret: string): void {
  const onRequest = createInternalGuard(secret)
  app.post('/password-resets', { onRequest, schema: ASK }, async ({ body }) => ({
    reset: await auth.askReset(body),
  }))
  app.post('/password-resets/confirm', { onRequest, schema: SET }, async ({ body }) => {
    await auth.resetPassword(body)
    return {}
  })
}
