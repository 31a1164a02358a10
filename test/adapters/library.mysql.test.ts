import { describe } from 'vitest'
import { openMysqlLibrary } from '../../src/adapters/library/mysql.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { libraryContract } from '../contract/library.ts'
import { mysqlBackend, mysqlIsThere } from '../support/backends/mysql.ts'

const settings = { dataDir: '', migrate: true, logger: silentLogger() }

describe.skipIf(!(await mysqlIsThere()))('on MySQL or MariaDB', () => {
  const mysql = mysqlBackend()

  libraryContract('mysql', async () => {
    const url = await mysql.url()
    return () => openMysqlLibrary({ ...settings, url })
  })
})
