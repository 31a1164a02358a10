import { errors, jwtVerify, SignJWT } from 'jose'
import { AppError } from '../../domain/errors.ts'
import type { User } from '../../domain/user.ts'
import type { Clock } from '../../kit/clock.ts'

/** What a token says. */
export interface TokenContent {
  /** Seconds since the epoch. */
  readonly exp: number
  readonly iat: number
  /** The account's id, in tokens of our own. */
  readonly sub: string | null
  /** The same, in tokens of the file service's original too. */
  readonly userId: string | null
  /** E-mail address; null when it has none of the claims that may hold one. */
  readonly username: string | null
  /** Never to be believed where the account can be asked, and never without `sub`: tokens of the originals all say true. */
  readonly admin: boolean
}

export interface Tokens {
  /** A compact JWT that lives `seconds`. */
  issue(user: User, seconds: number): Promise<string>
  /** TOKEN_INVALID, TOKEN_EXPIRED. */
  read(token: string): Promise<TokenContent>
}

/** Seconds by which clocks may differ. */
const SKEW = 5

/** JWTs signed by HS256 with the shared secret, whatever its length. */
export function createTokens(secret: string, now: Clock): Tokens {
  const key = new TextEncoder().encode(secret)
  const checks = { algorithms: ['HS256'], requiredClaims: ['exp', 'iat'], clockTolerance: SKEW }
  return {
    issue(user, seconds) {
      const iat = Math.floor(now() / 1000)
      const { id, email } = user
      const admin = user.role === 'admin'
      // The order is part of the contract.
      const claims = { username: email, exp: iat + seconds, iat, admin, sub: id, userId: id, email }
      return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'HS256' }).sign(key)
    },
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, { ...checks, currentDate: new Date(now()) })
        const { exp = 0, iat = 0 } = payload
        const text = (...names: readonly string[]) =>
          names.map((name) => payload[name]).find((value) => typeof value === 'string') ?? null
        const username = text('username', 'email')
        return {
          exp,
          iat,
          sub: text('sub'),
          userId: text('sub', 'userId'),
          username,
          admin: payload['admin'] === true,
        }
      } catch (cause) {
        throw new AppError(
          cause instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID',
          undefined,
          {
            cause,
          },
        )
      }
    },
  }
}
