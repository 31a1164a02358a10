import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../../domain/errors.ts'
import { checkPassword, type User } from '../../domain/user.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import { deriveKey, isSame, sign, verify } from '../../kit/signed.ts'
import { type Identity, RESET_PURPOSE } from '../../ports/identity.ts'
import type { Users } from '../../ports/users.ts'
import { accountKey, addressKey, type LoginLimits } from './login-limits.ts'
import type { Passwords } from './passwords.ts'

/** Milliseconds a link is good. */
const LIFE = 30 * 60_000
const PER_ACCOUNT = { points: 3, duration: 3_600 }
const PER_ADDRESS = { points: 20, duration: 900 }

interface Tools {
  readonly users: Users
  readonly passwords: Passwords
  readonly limits: LoginLimits
  readonly secret: string
  readonly logger: Logger
  readonly now: Clock
}

/** New passwords for who forgot the old one. The token says whose, and of which password; auth keeps nothing. */
export function createPasswordReset(tools: Tools): Pick<Identity, 'askReset' | 'resetPassword'> {
  const { users, secret, now } = tools
  const accounts = new RateLimiterMemory(PER_ACCOUNT)
  const addresses = new RateLimiterMemory(PER_ADDRESS)
  return {
    async askReset({ email, address }) {
      const wait = await take(addresses, addressKey(address))
      if (wait > 0) throw new AppError('TOO_MANY_ATTEMPTS', undefined, { retryAfter: wait })
      const isMany = (await take(accounts, accountKey(email))) > 0
      const user = await users.byEmail(email)
      if (!user || isMany) return null
      return { userId: user.id, email: user.email, stamp: stampOf(user, secret), until: now() + LIFE }
    },
    resetPassword: ({ token, password }) => reset(token, password, tools),
  }
}

async function reset(token: string, password: string, tools: Tools): Promise<void> {
  const { users, passwords, limits, secret, logger, now } = tools
  const { userId, stamp } = contentOf(verify(deriveKey(secret, RESET_PURPOSE), token, now()))
  const user = await users.byId(userId)
  if (!user || !isSame(stamp, stampOf(user, secret))) throw new AppError('LINK_INVALID')
  checkPassword(password)
  const isReplaced = await users.replaceHash(user.id, user.passwordHash, await passwords.hash(password))
  if (!isReplaced) throw new AppError('LINK_INVALID') // another link was faster
  await limits.forget(user.email) // whoever guessed in vain keeps the owner out no longer
  logger.info({ userId }, 'a password was set anew')
}

/** Seconds to wait when there is nothing left to take, else 0. */
async function take(limiter: RateLimiterMemory, key: string): Promise<number> {
  try {
    await limiter.consume(key)
    return 0
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    return Math.ceil(refused.msBeforeNext / 1000)
  }
}

/** Differs for every password, and tells nothing of it. */
const stampOf = ({ id, passwordHash }: User, secret: string) =>
  sign(deriveKey(secret, 'password-stamp'), [id, passwordHash]).split('.')[1] ?? ''

function contentOf(payload: unknown): { userId: string; stamp: string } {
  const content: object = typeof payload === 'object' && payload !== null ? payload : {}
  const [userId, stamp]: unknown[] = [Reflect.get(content, 'userId'), Reflect.get(content, 'stamp')]
  if (typeof userId !== 'string' || typeof stamp !== 'string') throw new AppError('LINK_INVALID')
  return { userId, stamp }
}
