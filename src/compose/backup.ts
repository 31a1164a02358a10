import { chmod, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { snapshotSqlite } from '../adapters/sql/snapshot-sqlite.ts'
import { sqlitePath } from '../adapters/sql/sqlite-file.ts'
import { isEmbedded } from '../config/not-shared.ts'
import type { Config } from '../config.ts'
import { AppError, isErrno } from '../domain/errors.ts'
import { copyTree } from '../kit/copy-tree.ts'

export interface Backup {
  /** Copied beside the database. */
  readonly files: number
  /** Variables of what does not lie in DATA_DIR. */
  readonly elsewhere: readonly string[]
}

/**
 * Copies DATA_DIR to a new folder that can take its place, beside a running server: the database first, by a snapshot, then
 * the rest. A blob is there before its row is and never changes, so no row of the copy lacks its bytes, but for files that
 * were removed meanwhile. OUTPUT_EXISTS, USAGE, INPUT_NOT_FOUND; then nothing stays.
 */
export async function backUp(config: Config, folder: string): Promise<Backup> {
  const { dataDir } = config
  if (isWithin(await placeOf(dataDir), join(await placeOf(dirname(folder)), basename(folder))))
    throw new AppError('USAGE', 'the folder lies in DATA_DIR itself')
  await demandEmpty(folder)
  const draft = `${folder}.unfinished`
  await mkdir(draft, { mode: 0o700 }).catch(refuse(draft))
  try {
    const databases = databasesOf(config)
    for (const path of databases) await snapshot(path, join(draft, relative(dataDir, path)))
    const files = await copyTree(dataDir, draft, (path) => isCopied(join(dataDir, path), databases))
    await rename(draft, folder)
    return { files, elsewhere: elsewhereIn(config) }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Where links lead to; a path that is not there is refused later. */
const placeOf = (path: string) => realpath(path).catch(() => path)

const isWithin = (folder: string, path: string) => !relative(folder, path).startsWith('..')

/** Files of SQLite in DATA_DIR; usually one for all three. */
function databasesOf({ stores, dataDir }: Config): readonly string[] {
  const urls = [stores.library, stores.notifications, stores.users].filter((url) => url.startsWith('sqlite:'))
  const paths = new Set(urls.map((url) => sqlitePath(url, dataDir)))
  return [...paths].filter((path) => isWithin(dataDir, path))
}

async function snapshot(from: string, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true, mode: 0o700 })
  snapshotSqlite(from, to)
  await chmod(to, 0o600) // password hashes lie in it
}

/** Not the database, which is there by now, nor its journal, nor the lock and what is only being written. */
function isCopied(path: string, databases: readonly string[]): boolean {
  const isOf = (database: string) => [database, ...JOURNALS.map((ending) => database + ending)].includes(path)
  if (databases.some(isOf)) return false
  const name = basename(path)
  return name !== '.unfinished' && !name.startsWith('soundlift.lock')
}

const JOURNALS = ['-wal', '-shm', '-journal'] as const

/** What a backup of DATA_DIR does not hold, by the variables that say where it is. */
function elsewhereIn({ stores, dataDir }: Config): readonly string[] {
  const named = {
    LIBRARY_URL: stores.library,
    NOTIFICATIONS_URL: stores.notifications,
    USERS_URL: stores.users,
    VIDEOS_URL: stores.videos,
    MP3S_URL: stores.mp3s,
  }
  const isInside = (url: string) => {
    if (!isEmbedded(url)) return url.startsWith(`file:${dataDir}${sep}`)
    return !url.startsWith('sqlite:') || isWithin(dataDir, sqlitePath(url, dataDir))
  }
  return Object.entries(named).flatMap(([name, url]) => (isInside(url) ? [] : [name]))
}

async function demandEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return []
    throw new AppError('OUTPUT_EXISTS', `${folder} is no folder`, { cause: error })
  })
  if (found.length > 0) throw new AppError('OUTPUT_EXISTS', `${folder} is not empty`)
}

const refuse = (folder: string) => (cause: unknown) => {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const exists = isErrno(cause, 'EEXIST')
  throw new AppError(exists ? 'OUTPUT_EXISTS' : 'OUTPUT_UNWRITABLE', `${folder} can not be made: ${reason}`, {
    cause,
  })
}
