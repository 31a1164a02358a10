import { openForeignFiles } from '../adapters/blobs/index.ts'
import { openForeignAccounts } from '../adapters/foreign-accounts/index.ts'
import type { Config } from '../config.ts'
import { AppError } from '../domain/errors.ts'
import { type Imported, sum } from '../domain/imported.ts'
import type { Logger } from '../kit/logger.ts'
import { createPasswords, type ImportUsersParts, importUsers as importRows } from '../services/auth/index.ts'
import { importFiles as bringFiles, type ImportFilesParts } from '../services/gateway/index.ts'
import type { Parts } from './parts.ts'
import { withParts } from './with-parts.ts'

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

interface FilesFrom extends Pick<ImportFilesParts, 'note'> {
  readonly url: string
  /** E-mail addresses by file id. */
  readonly owners: ReadonlyMap<string, string>
}

/** Makes files of what another program keeps in GridFS: `videos` become sources, `mp3s` results. */
export function importFiles(
  config: Config,
  logger: Logger,
  { url, owners, note }: FilesFrom,
): Promise<Imported> {
  return withParts(config, logger, async (parts, closers) => {
    const open = async (sub: 'videos' | 'mp3s') => {
      const files = await openForeignFiles({ url, sub, logger })
      closers.add(`the foreign ${sub}`, () => files.close())
      return files.list()
    }
    const [videos, mp3s] = [await open('videos'), await open('mp3s')]
    const [library, blobs] = [await parts.library(), await parts.blobs()]
    const taking = { library, blobs, ownerOf: ownersIn(owners, parts), retention: config.retention }
    const named = (sub: string) => ({
      ...taking,
      note: (id: string, what: string) => note(`${sub} ${id}`, what),
    })
    return sum(
      await bringFiles(videos, 'source', named('videos')),
      await bringFiles(mp3s, 'result', named('mp3s')),
    )
  })
}

function ownersIn(owners: ReadonlyMap<string, string>, { users }: Parts): ImportFilesParts['ownerOf'] {
  return async (fileId) => {
    const email = owners.get(fileId)
    if (email === undefined) return null
    const account = await (await users()).byEmail(email)
    if (account) return account.id
    throw new AppError('USER_NOT_FOUND', `Its owner ${email} has no account.`)
  }
}
