import { describe } from 'vitest'
import { openMysqlAccounts } from '../../src/adapters/foreign-accounts/mysql.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { foreignAccountsContract } from '../contract/foreign-accounts.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'
import { ORIGINALS } from '../support/originals.ts'

describe.skipIf(!(await mysqlIsThere()))('on MySQL or MariaDB', () => {
  const backend = mysqlBackend()

  foreignAccountsContract('mysql', async () => {
    const url = await backend.url()
    return {
      open: (table) => openMysqlAccounts({ url, table, logger: silentLogger() }),
      fill: (rows, table) => ORIGINALS.mysql(url, rows, table),
    }
  })
})
