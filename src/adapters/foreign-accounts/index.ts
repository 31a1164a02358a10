import type { Logger } from '../../kit/logger.ts'
import type { ForeignAccounts } from '../../ports/foreign-accounts.ts'
import { byScheme } from '../by-scheme.ts'
import { openMongodbAccounts } from './mongodb.ts'
import { openMysqlAccounts } from './mysql.ts'
import { openPostgresAccounts } from './postgres.ts'

export interface ForeignAccountsSettings {
  readonly url: string
  /** The table or collection; absent: the name it has in the originals. */
  readonly table?: string | undefined
  readonly logger: Logger
}

/** The table of foreign user stores, by scheme. Adding one: a file here, a line, a test that calls the contract. */
const DRIVERS: Readonly<Record<string, (settings: ForeignAccountsSettings) => Promise<ForeignAccounts>>> = {
  'postgres:': openPostgresAccounts,
  'postgresql:': openPostgresAccounts,
  'mysql:': openMysqlAccounts,
  'mariadb:': openMysqlAccounts,
  'mongodb:': openMongodbAccounts,
  'mongodb+srv:': openMongodbAccounts,
}

/** Opens the user table of another program; CONFIG_INVALID for a scheme nobody knows. */
export async function openForeignAccounts(settings: ForeignAccountsSettings): Promise<ForeignAccounts> {
  return byScheme(DRIVERS, '--from', settings.url)(settings)
}
