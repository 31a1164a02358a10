import { describe } from 'vitest'
import { openPostgresUsers } from '../../src/adapters/users/postgres.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { usersContract } from '../contract/users.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await postgresIsThere()))('on PostgreSQL', () => {
  const postgres = postgresBackend()

  usersContract('postgres', async () => {
    const url = await postgres.url()
    return () => openPostgresUsers({ ...settings, url })
  })
})
