import { Type } from 'typebox'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { CredentialsBody } from '../../shapes.ts'

const SCHEMA = { body: CredentialsBody, response: { 201: Type.Object({ token: Type.String() }) } }

/** `POST /v1/sessions`: a token for e-mail and password. */
export function createSessionRoute(app: Server, { identity }: GatewayParts): void {
  app.post('/sessions', { schema: SCHEMA }, async (request, reply) => {
    const token = await identity.login({ ...request.body, address: request.ip }, 'json', request.id)
    return reply.code(201).header('cache-control', 'no-store').send({ token })
  })
}
