import type { FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import type { Principal } from '../domain/user.ts'
import { type Claims, type Identity, principalOf } from '../ports/identity.ts'
import { bearerToken } from './authorization.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the token speaks of; null before the guard, and on routes without one. */
    claims: Claims | null
  }
}

/** An onRequest hook: asks who is there before a byte of the body is read. */
export function createGuard(identity: Identity): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    request.claims = await identity.claims(bearerToken(request.headers.authorization), request.id)
  }
}

/** The claims the guard found. */
export function claimsOf(request: FastifyRequest): Claims {
  if (!request.claims) throw new AppError('TOKEN_MISSING')
  return request.claims
}

/** Who asks, behind a guard. */
export function whoAsks(request: FastifyRequest): Principal {
  return principalOf(claimsOf(request))
}
