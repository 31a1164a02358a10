import { existsSync } from 'node:fs'
import { openLibrary } from '../../adapters/library/index.ts'
import { sqlitePath } from '../../adapters/sql/sqlite-file.ts'
import type { Config } from '../../config.ts'
import { silentLogger } from '../../kit/logger.ts'
import { linkPath } from '../../services/gateway/index.ts'

const MINUTE = 60_000

/** The path of a link to the newest file, good for a minute; null where there is none, or the library is not to be had. */
export async function linkToNewest(config: Config, secret: string | null): Promise<string | null> {
  const { dataDir } = config
  const url = config.stores.library
  // A database that is not there is not made here.
  if (secret === null || (url.startsWith('sqlite:') && !existsSync(sqlitePath(url, dataDir)))) return null
  const settings = { url, dataDir, migrate: false, logger: silentLogger(), patience: 0 }
  const library = await openLibrary(settings).catch(() => null)
  if (library === null) return null
  const [file] = await library.files({ limit: 1 }).finally(() => library.close())
  return file === undefined ? null : linkPath(file.id, secret, Date.now() + MINUTE)
}
