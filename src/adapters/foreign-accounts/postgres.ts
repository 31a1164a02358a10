import type { ForeignAccounts } from '../../ports/foreign-accounts.ts'
import { postgresDialect } from '../sql/postgres-dialect.ts'
import type { ForeignAccountsSettings } from './index.ts'
import { sqlAccounts } from './sql/sql-accounts.ts'

/** The table `auth_user` (id, email, password) of a PostgreSQL, or one of another name. */
export async function openPostgresAccounts({
  url,
  table = 'auth_user',
}: ForeignAccountsSettings): Promise<ForeignAccounts> {
  return sqlAccounts(await postgresDialect(url), table)
}
