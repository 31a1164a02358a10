import type { User } from '../../../domain/user.ts'
import type { Room } from '../../mongo/indexes.ts'

/**
 * One account as it lies in its collection. Ids are stored as the strings they are everywhere else: nothing is
 * converted, nothing from outside can fail to convert, and their order is the same.
 */
export interface AccountDoc extends Omit<User, 'id'> {
  readonly _id: string
  readonly emailKey: string
  /** Only on the account that became administrator by being the first: unique, so there is only one. */
  readonly firstAccount?: true
}

export const ACCOUNTS = 'soundlift_accounts'

/** The indexes of the user store; its unique ones decide every race. */
export const USERS_ROOM: Room = {
  name: 'users',
  indexes: {
    [ACCOUNTS]: [
      { name: 'email', key: { emailKey: 1 }, unique: true },
      {
        name: 'first_account',
        key: { firstAccount: 1 },
        unique: true,
        partialFilterExpression: { firstAccount: true },
      },
    ],
  },
}

/** A document for an account. */
export function toDoc(user: User, emailKey: string, first: boolean): AccountDoc {
  const { id, ...rest } = user
  return { _id: id, ...rest, emailKey, ...(first ? { firstAccount: true } : {}) }
}

/** The account in a document. */
export function toUser({ _id, email, passwordHash, role, createdAt }: AccountDoc): User {
  return { id: _id, email, passwordHash, role, createdAt }
}
