import { type Kysely, sql } from 'kysely'
import { AppError } from '../../../domain/errors.ts'
import { emailKey } from '../../../domain/user.ts'
import type { Users } from '../../../ports/users.ts'
import { createAccount } from './create-account.ts'
import type { UserTables } from './tables.ts'

const USER = ['id', 'email', 'password_hash as passwordHash', 'role', 'created_at as createdAt'] as const

/** The user store over any SQL database that holds the tables of `USERS_ROOM`. */
export function sqlUsers(db: Kysely<UserTables>): Users {
  const users = () => db.selectFrom('soundlift_accounts').select(USER)
  return {
    create: (user, options = {}) => createAccount(db, user, options.firstIsAdmin === true),
    byEmail: async (email) =>
      (await users().where('email_key', '=', emailKey(email)).executeTakeFirst()) ?? null,
    byId: async (id) => (await users().where('id', '=', id).executeTakeFirst()) ?? null,
    list: ({ limit, after = '' }) => users().where('id', '>', after).orderBy('id').limit(limit).execute(),
    async update(id, { passwordHash, role }) {
      const change = {
        // The id stands for "nothing to change": that too must tell whether the account exists.
        id,
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
        ...(role === undefined ? {} : { role }),
      }
      const account = db.updateTable('soundlift_accounts').set(change).where('id', '=', id)
      const { numUpdatedRows } = await account.executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new AppError('USER_NOT_FOUND')
    },
    async replaceHash(id, from, to) {
      const account = db.updateTable('soundlift_accounts').set({ password_hash: to }).where('id', '=', id)
      const { numUpdatedRows } = await account.where('password_hash', '=', from).executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    ping: async () => void (await sql`select 1`.execute(db)),
    close: () => db.destroy(),
  }
}
