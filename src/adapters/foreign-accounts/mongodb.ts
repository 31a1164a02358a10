import type { Collection, Db } from 'mongodb'
import { AppError } from '../../domain/errors.ts'
import type { ForeignAccount, ForeignAccounts } from '../../ports/foreign-accounts.ts'
import { answered, mongoError } from '../mongo/mongo-error.ts'
import { openMongo } from '../mongo/open-mongo.ts'
import type { ForeignAccountsSettings } from './index.ts'

const PAGE = 500

/** The collection `users` (email, password) of a MongoDB, or one of another name, in the database the URL names. */
export async function openMongodbAccounts({
  url,
  table = 'users',
  logger,
}: ForeignAccountsSettings): Promise<ForeignAccounts> {
  const client = await openMongo({ url, logger })
  return {
    read: () => read(client.db(), table),
    close: () => client.close(),
  }
}

async function* read(db: Db, name: string): AsyncGenerator<ForeignAccount> {
  const found = await answered(db.listCollections({ name }, { nameOnly: true }).toArray())
  if (found.length === 0) {
    throw new AppError('INPUT_NOT_FOUND', `there is no collection ${name} in the database ${db.databaseName}`)
  }
  yield* rowsOf(db.collection(name))
}

async function* rowsOf(collection: Collection): AsyncGenerator<ForeignAccount> {
  const fields = { email: 1, password: 1 }
  const rows = collection.find({}, { projection: fields, sort: { _id: 1 }, batchSize: PAGE })
  try {
    for await (const { _id, email, password } of rows) yield { where: `_id ${_id}`, email, password }
  } catch (error) {
    throw mongoError(error)
  }
}
