import { Type } from 'typebox'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { CredentialsBody } from '../../shapes.ts'

const SCHEMA = {
  body: CredentialsBody,
  response: { 201: Type.Object({ id: Type.String(), email: Type.String() }) },
}

/** `POST /v1/users`: a new account. */
export function createUserRoute(app: Server, { identity }: GatewayParts): void {
  app.post('/users', { schema: SCHEMA }, async (request, reply) => {
    return reply.code(201).send(await identity.register(request.body, request.id))
  })
}
