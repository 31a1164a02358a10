import { describe } from 'vitest'
import { openPostgresNotifications } from '../../src/adapters/notifications/postgres.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { notificationsContract } from '../contract/notifications.ts'
import { postgresBackend, postgresIsThere } from '../support/backends/postgres.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await postgresIsThere()))('on PostgreSQL', () => {
  const postgres = postgresBackend()

  notificationsContract('postgres', async () => {
    const url = await postgres.url()
    return () => openPostgresNotifications({ ...settings, url })
  })
})
