import { AppError } from '../../domain/errors.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Claims, Identity } from '../../ports/identity.ts'
import { createTokens, type TokenContent } from './tokens.ts'

/**
 * Who is asking, by the token alone: whoever has the secret may check tokens without asking auth. An account that was
 * removed or has another role counts as its token says until that ends. `accounts` does the rest; null: nobody does.
 */
export function createLocalIdentity(
  secret: string,
  accounts: Identity | null,
  now: Clock = Date.now,
): Identity {
  const tokens = createTokens(secret, now)
  const ask = () => {
    if (accounts) return accounts
    throw new AppError('SERVICE_UNAVAILABLE', 'accounts are not kept here: AUTH_URL is not set')
  }
  return {
    register: async (...given) => ask().register(...given),
    login: async (...given) => ask().login(...given),
    claims: async (token) => claimsOf(await tokens.read(token)),
    accountId: async (email) => ask().accountId(email),
    askReset: async (...asked) => ask().askReset(...asked),
    resetPassword: async (...given) => ask().resetPassword(...given),
    ping: async () => {},
    close: async () => {},
  }
}

function claimsOf({ exp, iat, sub, userId, username, admin }: TokenContent): Claims {
  if (username === null) throw new AppError('TOKEN_INVALID')
  return { username, exp, iat, admin: admin && sub !== null, sub, userId, email: username }
}
