import type { Kysely } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import { emailKey, type User } from '../../../domain/user.ts'
import { isUniqueViolation } from '../../sql/sql-error.ts'
import type { UserTables } from './tables.ts'

/**
 * Adds an account; EMAIL_TAKEN. Two unique keys decide every race, on any database: the e-mail's, and the mark of
 * the first account. Who loses the second one looks again and finds that it is not the first.
 */
export async function createAccount(
  db: Kysely<UserTables>,
  user: User,
  firstIsAdmin: boolean,
): Promise<User> {
  for (;;) {
    const first = firstIsAdmin && (await isEmpty(db))
    const account: User = first ? { ...user, role: 'admin' } : user
    try {
      await insert(db, account, first)
      return account
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      if (!first || (await exists(db, user))) throw new AppError('EMAIL_TAKEN', undefined, { cause: error })
    }
  }
}

async function insert(db: Kysely<UserTables>, user: User, first: boolean): Promise<void> {
  const row = {
    id: user.id,
    email: user.email,
    email_key: emailKey(user.email),
    password_hash: user.passwordHash,
    role: user.role,
    first_account: first ? (1 as const) : null,
    created_at: user.createdAt,
  }
  await db.insertInto('soundlift_accounts').values(row).execute()
}

async function isEmpty(db: Kysely<UserTables>): Promise<boolean> {
  const any = await db.selectFrom('soundlift_accounts').select('id').limit(1).executeTakeFirst()
  return any === undefined
}

async function exists(db: Kysely<UserTables>, user: User): Promise<boolean> {
  const rows = db.selectFrom('soundlift_accounts').select('id').where('email_key', '=', emailKey(user.email))
  return (await rows.executeTakeFirst()) !== undefined
}
