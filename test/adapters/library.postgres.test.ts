import { describe } from 'vitest'
import { openPostgresLibrary } from '../../src/adapters/library/postgres.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { libraryContract } from '../contract/library.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await postgresIsThere()))('on PostgreSQL', () => {
  const postgres = postgresBackend()

  libraryContract('postgres', async () => {
    const url = await postgres.url()
    return () => openPostgresLibrary({ ...settings, url })
  })
})
