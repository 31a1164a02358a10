import { Type } from 'typebox'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'

const MeShape = Type.Object({
  id: Type.Union([Type.String(), Type.Null()]),
  email: Type.String(),
  admin: Type.Boolean(),
})

/** `GET /v1/me`: who asks. `id` is null for a token whose e-mail has no account. */
export function meRoute(app: Server): void {
  app.get('/me', { schema: { response: { 200: MeShape } } }, async (request) => {
    const { userId: id, email, admin } = whoAsks(request)
    return { id, email, admin }
  })
}
