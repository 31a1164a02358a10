import { Type } from 'typebox'
import { createInternalGuard } from '../../http/internal-guard.ts'
import type { Server } from '../../http/server.ts'
import type { Auth } from './auth.ts'

const SCHEMA = { body: Type.Object({ email: Type.String({ maxLength: 320 }) }) }

/** `POST /account-id` with JSON {email} → {id}, null without an account: for our own services, on auth's own port alone. */
export function accountIdRoute(app: Server, auth: Auth, secret: string): void {
  const onRequest = createInternalGuard(secret)
  app.post('/account-id', { onRequest, schema: SCHEMA }, async ({ body }) => ({
    id: await auth.accountId(body.email),
  }))
}
