import { AppError } from '../../domain/errors.ts'
import { isBcrypt } from '../../domain/password-hash.ts'
import type { User } from '../../domain/user.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Credentials } from '../../ports/identity.ts'
import type { Users } from '../../ports/users.ts'
import { createEvenTime } from './even-time.ts'
import type { LoginLimits } from './login-limits.ts'
import type { Passwords } from './passwords.ts'

interface Tools {
  readonly users: Users
  readonly passwords: Passwords
  readonly limits: LoginLimits
  readonly logger: Logger
}

/** The account behind credentials: CREDENTIALS_INVALID, in the same time for an unknown one; TOO_MANY_ATTEMPTS. */
export function createLoginCheck({
  users,
  passwords,
  limits,
  logger,
}: Tools): (given: Credentials) => Promise<User> {
  const evenTime = createEvenTime()

  /** Leaves a hash alone that someone else has replaced meanwhile: theirs is the newer password. */
  const renew = async ({ id, passwordHash }: User, password: string) => {
    if (!passwords.isOutdated(passwordHash)) return
    await users.replaceHash(id, passwordHash, await passwords.hash(password))
  }

  return async (given) => {
    // Looked at twice: at once, so that a refusal is cheap, and again when its turn to be hashed has come, so that
    // many guesses sent together do not all slip past the count.
    await limits.check(given)
    const user = await users.byEmail(given.email)
    const known = user?.passwordHash
    let begun = 0
    const verdict = await passwords.check(given.password, known, async () => {
      await limits.check(given)
      begun = performance.now()
    })
    if (verdict === 'unreadable') {
      logger.error(
        { userId: user?.id },
        'this account has no usable hash: set it a password with `user passwd`',
      )
    }
    if (!user || verdict !== 'right') {
      await limits.fail(given)
      await evenTime(begun, known !== undefined && isBcrypt(known))
      throw new AppError('CREDENTIALS_INVALID')
    }
    await renew(user, given.password)
    return user
  }
}
