import type { Collection } from 'mongodb'
import { AppError } from '../../../domain/errors.ts'
import { emailKey, type User } from '../../../domain/user.ts'
import { duplicateField } from '../../mongo/mongo-error.ts'
import { type AccountDoc, toDoc } from './accounts.ts'

/**
 * Adds an account; EMAIL_TAKEN. Two unique keys decide every race: the e-mail's, and the mark of the first account.
 * Who loses the second one looks again and finds that it is not the first.
 */
export async function createAccount(
  accounts: Collection<AccountDoc>,
  user: User,
  firstIsAdmin: boolean,
): Promise<User> {
  for (;;) {
    const first = firstIsAdmin && (await isEmpty(accounts))
    const account: User = first ? { ...user, role: 'admin' } : user
    try {
      await accounts.insertOne(toDoc(account, emailKey(user.email), first))
      return account
    } catch (error) {
      const field = duplicateField(error)
      if (field === 'emailKey') throw new AppError('EMAIL_TAKEN', undefined, { cause: error })
      if (field !== 'firstAccount') throw error
    }
  }
}

async function isEmpty(accounts: Collection<AccountDoc>): Promise<boolean> {
  return (await accounts.findOne({}, { projection: { _id: 1 } })) === null
}
