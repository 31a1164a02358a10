import type { Role, User } from '../../domain/user.ts'
import { newId } from '../../kit/ids.ts'
import type { Passwords } from './passwords.ts'

/** An account with its password hashed, not yet stored. `now`: milliseconds since the epoch. */
export async function newUser(
  email: string,
  password: string,
  role: Role,
  passwords: Passwords,
  now: number,
): Promise<User> {
  return { id: newId(now), email, passwordHash: await passwords.hash(password), role, createdAt: now }
}
