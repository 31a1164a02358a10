import type { FastifyRequest } from 'fastify'
import { emailKey } from '../../../../domain/user.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { type GatewayParts, preferencesOf } from '../../parts.ts'
import { PreferencesShape } from '../../shapes.ts'

/** `GET` and `PUT /v1/preferences`: what one wants to be told. */
export function preferencesRoutes(app: Server, parts: GatewayParts): void {
  const response = { 200: PreferencesShape }
  app.get('/preferences', { schema: { response } }, async (request) =>
    preferencesOf(parts).preferences(personOf(request)),
  )
  app.put('/preferences', { schema: { body: PreferencesShape, response } }, async (request) => {
    await preferencesOf(parts).setPreferences(personOf(request), request.body)
    return request.body
  })
}

/** The user id, or the e-mail key of someone without an account. */
function personOf(request: FastifyRequest): string {
  const { userId, email } = whoAsks(request)
  return userId ?? emailKey(email)
}
