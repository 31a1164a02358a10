import { AppError } from '../../domain/errors.ts'
import type { User } from '../../domain/user.ts'
import type { Claims } from '../../ports/identity.ts'
import type { Users } from '../../ports/users.ts'
import type { TokenContent } from './tokens.ts'

/** What a token means today: the role is the account's. Without an account: an ordinary user without an id. */
export async function claimsFor(content: TokenContent, users: Users): Promise<Claims> {
  const account = await accountOf(content, users)
  const { exp, iat } = content
  const email = account?.email ?? content.username
  if (email === null) throw new AppError('TOKEN_INVALID')
  const id = account?.id ?? null
  return { username: email, exp, iat, admin: account?.role === 'admin', sub: id, userId: id, email }
}

/** Tokens of ours name the account by its id, so that they do not pass to whoever takes over its address. */
async function accountOf({ sub, username }: TokenContent, users: Users): Promise<User | null> {
  if (sub !== null) return users.byId(sub)
  return username === null ? null : users.byEmail(username)
}
