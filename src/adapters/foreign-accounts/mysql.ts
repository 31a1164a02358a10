import type { ForeignAccounts } from '../../ports/foreign-accounts.ts'
import { mysqlDialect } from '../sql/mysql-dialect.ts'
import type { ForeignAccountsSettings } from './index.ts'
import { sqlAccounts } from './sql/sql-accounts.ts'

/** The table `user` (id, email, password) of a MySQL or MariaDB, or one of another name. */
export async function openMysqlAccounts({
  url,
  table = 'user',
}: ForeignAccountsSettings): Promise<ForeignAccounts> {
  return sqlAccounts(await mysqlDialect(url), table)
}
