import { describe } from 'vitest'
import { openMysqlNotifications } from '../../src/adapters/notifications/mysql.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { notificationsContract } from '../contract/notifications.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await mysqlIsThere()))('on MySQL or MariaDB', () => {
  const mysql = mysqlBackend()

  notificationsContract('mysql', async () => {
    const url = await mysql.url()
    return () => openMysqlNotifications({ ...settings, url })
  })
})
