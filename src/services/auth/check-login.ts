import { AppError } from '../../domain/errors.ts'
import type { User } from '../../domain/user.ts'
import type { Credentials } from '../../ports/identity.ts'
import type { Users } from '../../ports/users.ts'
import { createLoginLimits } from './login-limits.ts'
import type { Passwords } from './passwords.ts'

/** The account behind credentials: CREDENTIALS_INVALID, in the same time for an unknown one; TOO_MANY_ATTEMPTS. */
export function createLoginCheck(users: Users, passwords: Passwords): (given: Credentials) => Promise<User> {
  const limits = createLoginLimits()

  const renew = async (user: User, password: string) => {
    if (!passwords.isOutdated(user.passwordHash)) return
    await users.update(user.id, { passwordHash: await passwords.hash(password) })
  }

  return async (given) => {
    // Looked at twice: at once, so that a refusal is cheap, and again when its turn to be hashed has come, so that
    // many guesses sent together do not all slip past the count.
    await limits.check(given)
    const user = await users.byEmail(given.email)
    const correct = await passwords.check(given.password, user?.passwordHash, () => limits.check(given))
    if (!user || !correct) {
      await limits.fail(given)
      throw new AppError('CREDENTIALS_INVALID')
    }
    await renew(user, given.password)
    return user
  }
}
