import { AppError } from '../../domain/errors.ts'
import { isWeak, parseEmail } from '../../domain/user.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Users } from '../../ports/users.ts'
import { newUser } from './new-user.ts'
import type { Passwords } from './passwords.ts'

interface Tools {
  readonly users: Users
  readonly passwords: Passwords
  readonly logger: Logger
  readonly now: Clock
}

/** Makes an administrator once. An account that exists is left as it is, whatever its role and password. */
export async function ensureAdmin(
  { email, password }: { email: string; password: string },
  { users, passwords, logger, now }: Tools,
): Promise<void> {
  if (await users.byEmail(email)) return
  if (isWeak(password)) {
    logger.warn('ADMIN_PASSWORD is weak: take 8 characters or more, and no common password')
  }
  const user = await newUser(parseEmail(email), password, 'admin', passwords, now())
  try {
    await users.create(user)
    logger.info({ userId: user.id }, 'administrator made')
  } catch (error) {
    // Another replica was quicker.
    if (!(error instanceof AppError && error.code === 'EMAIL_TAKEN')) throw error
  }
}
