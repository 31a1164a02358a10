import { describe } from 'vitest'
import { openMongodbAccounts } from '../../src/adapters/foreign-accounts/mongodb.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { foreignAccountsContract } from '../contract/foreign-accounts.ts'
import { mongodbBackend, mongodbIsThere } from '../support/backends/mongodb.ts'
import { ORIGINALS } from '../support/originals.ts'

describe.skipIf(!(await mongodbIsThere('standalone')))('on a standalone MongoDB', () => {
  const backend = mongodbBackend('standalone')

  foreignAccountsContract('mongodb', async () => {
    const url = await backend.url('standalone')
    return {
      open: (table) => openMongodbAccounts({ url, table, logger: silentLogger() }),
      fill: (rows, table) => ORIGINALS.mongodb(url, rows, table),
    }
  })
})
