import { openForeignAccounts } from '../adapters/foreign-accounts/index.ts'
import type { Config } from '../config.ts'
import { Closers } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import {
  createPasswords,
  type Imported,
  type ImportUsersParts,
  importUsers as importRows,
} from '../services/auth/index.ts'
import { createParts } from './parts.ts'

/** Runs `use` on the parts of a configuration; what it opened is closed when it ends. */
async function withParts<Result>(
  config: Config,
  logger: Logger,
  use: (parts: ReturnType<typeof createParts>, closers: Closers) => Promise<Result>,
): Promise<Result> {
  const closers = new Closers()
  try {
    return await use(createParts(config, logger, closers), closers)
  } finally {
    await closers.closeAll()
  }
}

interface UsersFrom extends Pick<ImportUsersParts, 'dryRun' | 'note'> {
  readonly url: string
  /** The foreign table; absent: the originals' name. */
  readonly table: string | undefined
}

/** Makes accounts of the rows of another program's user table. */
export function importUsers(
  config: Config,
  logger: Logger,
  { url, table, ...rest }: UsersFrom,
): Promise<Imported> {
  return withParts(config, logger, async (parts, closers) => {
    const rows = await openForeignAccounts({ url, table, logger })
    closers.add('the foreign accounts', () => rows.close())
    return importRows(rows.read(), { users: await parts.users(), passwords: createPasswords(), ...rest })
  })
}
