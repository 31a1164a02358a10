import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Server } from '../../../../http/server.ts'
import type { Reset } from '../../../../ports/identity.ts'
import type { NotificationCenter } from '../../../../ports/notification-center.ts'
import { centerOf, type GatewayParts } from '../../parts.ts'

const ASK = { body: Type.Object({ email: Type.String({ maxLength: 320 }) }) }
const SET = { body: Type.Object({ token: Type.String({ maxLength: 1_000 }), password: Type.String() }) }

/** `POST /v1/password-resets` and `…/confirm`: for who forgot the password. */
export function passwordResetsRoutes(app: Server, parts: GatewayParts): void {
  const { identity } = parts
  app.post('/password-resets', { schema: ASK }, async (request, reply) => {
    const center = centerOf(parts)
    const reset = await identity.askReset({ ...request.body, address: request.ip }, request.id)
    // The answer comes first, and says the same in the same time whether there is an account.
    await reply.code(202).send()
    if (reset) await sendReset(center, reset, request)
    return reply
  })
  app.post('/password-resets/confirm', { schema: SET }, async (request, reply: FastifyReply) => {
    await identity.resetPassword(request.body, request.id)
    return reply.code(204).send()
  })
}

async function sendReset(
  center: NotificationCenter,
  { userId: person, email: address, stamp, until }: Reset,
  request: FastifyRequest,
): Promise<void> {
  try {
    await center.sendReset({ person, address, stamp, until, requestId: request.id })
  } catch (err) {
    request.log.error({ err }, 'a link for a new password could not be sent')
  }
}
