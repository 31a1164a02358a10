import type { FastifyRequest } from 'fastify'
import { emailKey } from '../../../../domain/user.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { PreferencesShape } from '../../shapes.ts'

/** `GET` and `PUT /v1/preferences`: what one wants to be told. */
export function preferencesRoutes(app: Server, { preferences }: GatewayParts): void {
  const response = { 200: PreferencesShape }
  app.get('/preferences', { schema: { response } }, (request) => preferences.preferences(personOf(request)))
  app.put('/preferences', { schema: { body: PreferencesShape, response } }, async (request) => {
    await preferences.setPreferences(personOf(request), request.body)
    return request.body
  })
}

/** The user id, or the e-mail key of someone without an account. */
function personOf(request: FastifyRequest): string {
  const { userId, email } = whoAsks(request)
  return userId ?? emailKey(email)
}
