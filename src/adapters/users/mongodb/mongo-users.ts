import type { Collection } from 'mongodb'
import { AppError } from '../../../domain/errors.ts'
import { emailKey, type User } from '../../../domain/user.ts'
import type { Users } from '../../../ports/users.ts'
import { answered } from '../../mongo/mongo-error.ts'
import type { MongoDatabase } from '../../mongo/open-room.ts'
import { ACCOUNTS, type AccountDoc, toUser } from './accounts.ts'
import { createAccount } from './create-account.ts'

/** The user store over a database that has the indexes of `USERS_ROOM`. Values stand behind `$eq`: they are data. */
export function mongoUsers({ client, db }: MongoDatabase): Users {
  const accounts = db.collection<AccountDoc>(ACCOUNTS)
  return {
    create: (user, options = {}) => answered(createAccount(accounts, user, options.firstIsAdmin === true)),
    byEmail: (email) => answered(found(accounts.findOne({ emailKey: { $eq: emailKey(email) } }))),
    byId: (id) => answered(found(accounts.findOne({ _id: { $eq: id } }))),
    list: (page) => answered(list(accounts, page)),
    update: (id, change) => answered(update(accounts, id, change)),
    replaceHash: (id, from, to) => answered(replaceHash(accounts, id, from, to)),
    ping: async () => void (await answered(db.command({ ping: 1 }))),
    close: () => client.close(),
  }
}

async function found(account: Promise<AccountDoc | null>): Promise<User | null> {
  const doc = await account
  return doc && toUser(doc)
}

async function list(
  accounts: Collection<AccountDoc>,
  { limit, after = '' }: { limit: number; after?: string },
): Promise<readonly User[]> {
  const page = accounts.find({ _id: { $gt: after } }).sort({ _id: 1 })
  return (await page.limit(limit).toArray()).map(toUser)
}

async function update(
  accounts: Collection<AccountDoc>,
  id: string,
  { passwordHash, role }: Parameters<Users['update']>[1],
): Promise<void> {
  const change = {
    // The id stands for "nothing to change": that too must tell whether the account exists.
    _id: id,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(role === undefined ? {} : { role }),
  }
  const { matchedCount } = await accounts.updateOne({ _id: { $eq: id } }, { $set: change })
  if (matchedCount === 0) throw new AppError('USER_NOT_FOUND')
}

async function replaceHash(
  accounts: Collection<AccountDoc>,
  id: string,
  from: string,
  to: string,
): Promise<boolean> {
  const held = { _id: { $eq: id }, passwordHash: { $eq: from } }
  return (await accounts.updateOne(held, { $set: { passwordHash: to } })).matchedCount > 0
}
