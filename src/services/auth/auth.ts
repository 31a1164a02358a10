import { AppError } from '../../domain/errors.ts'
import { checkPassword, parseEmail } from '../../domain/user.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Identity } from '../../ports/identity.ts'
import type { Users } from '../../ports/users.ts'
import { createLoginCheck } from './check-login.ts'
import { claimsFor } from './claims-for.ts'
import { ensureAdmin } from './ensure-admin.ts'
import { createLoginLimits } from './login-limits.ts'
import { newUser } from './new-user.ts'
import { createPasswordReset } from './password-reset.ts'
import { createPasswords } from './passwords.ts'
import { createTokens } from './tokens.ts'

export interface AuthSettings {
  /** JWT_SECRET. */
  readonly secret: string
  /** Milliseconds a token of the JSON login lives. */
  readonly jwtExpiresIn: number
  readonly registration: 'open' | 'closed'
  /** True only in one process on loopback. */
  readonly firstIsAdmin: boolean
  /** ADMIN_EMAIL and ADMIN_PASSWORD: made once. */
  readonly admin: { readonly email: string; readonly password: string } | null
}

export interface AuthParts {
  readonly users: Users
  readonly settings: AuthSettings
  readonly logger: Logger
  readonly now?: Clock
}

/** Accounts and tokens. The gateway sees the Identity. */
export interface Auth extends Identity {
  /** Once, before the first request: makes the administrator the settings name, unless the account exists. */
  prepare(): Promise<void>
}

const BASIC_SECONDS = 24 * 3600
/** What HS256 asks for (RFC 7518, 3.2); shorter ones are in use with the originals and stay possible. */
const SECRET_BYTES = 32

/** The auth service itself, without a port. `users` stays with whoever opened it. */
export function createAuth({ users, settings, logger, now = Date.now }: AuthParts): Auth {
  const { secret, registration, firstIsAdmin, jwtExpiresIn } = settings
  const passwords = createPasswords()
  const tokens = createTokens(secret, now)
  const limits = createLoginLimits()
  const checkLogin = createLoginCheck({ users, passwords, limits, logger })
  const seconds = { basic: BASIC_SECONDS, json: Math.max(1, Math.floor(jwtExpiresIn / 1000)) }
  return {
    async register({ email: given, password }) {
      if (registration === 'closed') throw new AppError('REGISTRATION_CLOSED')
      const email = parseEmail(given)
      checkPassword(password)
      const user = await users.create(await newUser(email, password, 'user', passwords, now()), {
        firstIsAdmin,
      })
      logger.info({ userId: user.id, role: user.role }, 'account made')
      return { id: user.id, email: user.email }
    },
    login: async (credentials, kind) => tokens.issue(await checkLogin(credentials), seconds[kind]),
    claims: async (token) => claimsFor(await tokens.read(token), users),
    accountId: async (email) => (await users.byEmail(email))?.id ?? null,
    ...createPasswordReset({ users, passwords, limits, secret, logger, now }),
    async prepare() {
      if (Buffer.byteLength(secret) < SECRET_BYTES) {
        logger.warn(`JWT_SECRET is short: take ${SECRET_BYTES} bytes or more`)
      }
      if (settings.admin) await ensureAdmin(settings.admin, { users, passwords, logger, now })
    },
    ping: () => users.ping(),
    close: async () => {},
  }
}
