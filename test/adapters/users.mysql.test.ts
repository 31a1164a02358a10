import { describe } from 'vitest'
import { openMysqlUsers } from '../../src/adapters/users/mysql.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { usersContract } from '../contract/users.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await mysqlIsThere()))('on MySQL or MariaDB', () => {
  const mysql = mysqlBackend()

  usersContract('mysql', async () => {
    const url = await mysql.url()
    return () => openMysqlUsers({ ...settings, url })
  })
})
