import { Type } from 'typebox'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'

const MeShape = Type.Object({
  id: Type.Union([Type.String(), Type.Null()]),
  email: Type.String(),
  admin: Type.Boolean(),
  usage: Type.Object({ files: Type.Integer(), bytes: Type.Integer() }),
  /** null: no bound. */
  quota: Type.Object({
    files: Type.Union([Type.Integer(), Type.Null()]),
    bytes: Type.Union([Type.Integer(), Type.Null()]),
  }),
})

const NONE = { files: 0, bytes: 0 }

/** `GET /v1/me`: who asks, and what their files take. `id` is null for a token whose e-mail has no account. */
export function meRoute(app: Server, { library, settings }: GatewayParts): void {
  const { files = null, bytes = null } = settings.quota
  app.get('/me', { schema: { response: { 200: MeShape } } }, async (request) => {
    const { userId: id, email, admin } = whoAsks(request)
    const usage = id === null ? NONE : await library.usage(id)
    return { id, email, admin, usage, quota: { files, bytes } }
  })
}
