import type { FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { isInternalToken } from '../ports/internal-token.ts'
import { bearerToken } from './authorization.ts'

/** For routes that only our own services may call: whoever has JWT_SECRET; TOKEN_INVALID for all others. */
export function createInternalGuard(secret: string): (request: FastifyRequest) => Promise<void> {
  return async ({ headers }) => {
    if (!isInternalToken(secret, bearerToken(headers.authorization))) throw new AppError('TOKEN_INVALID')
  }
}
