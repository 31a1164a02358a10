import { describe } from 'vitest'
import { openPostgresAccounts } from '../../src/adapters/foreign-accounts/postgres.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { foreignAccountsContract } from '../contract/foreign-accounts.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'
import { ORIGINALS } from '../support/originals.ts'

describe.skipIf(!(await postgresIsThere()))('on PostgreSQL', () => {
  const backend = postgresBackend()

  foreignAccountsContract('postgres', async () => {
    const url = await backend.url()
    return {
      open: (table) => openPostgresAccounts({ url, table, logger: silentLogger() }),
      fill: (rows, table) => ORIGINALS.postgres(url, rows, table),
    }
  })
})
