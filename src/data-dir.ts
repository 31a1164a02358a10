import { randomBytes } from 'node:crypto'
import { access, constants, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError, isErrno } from './domain/errors.ts'

/** Makes the data folder and makes sure that it can be written; DATA_DIR_UNUSABLE says why not. */
export async function makeDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new AppError('DATA_DIR_UNUSABLE', `DATA_DIR ${path} can not be written: ${reason(cause)}`, {
      cause,
    })
  }
}

/**
 * Keeps a second server off the same folder until the returned function is called; DATA_DIR_IN_USE when there is one.
 * The lock is SQLite's on a file of its own: the system frees it however the process ends.
 */
export function lockDataDir(path: string): () => void {
  const file = join(path, 'soundlift.lock')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return () => database?.close()
  } catch (cause) {
    database?.close()
    if (!(cause instanceof Error && /locked/.test(cause.message))) {
      throw new AppError('DATA_DIR_UNUSABLE', `${file} can not be opened: ${reason(cause)}`, { cause })
    }
    throw new AppError('DATA_DIR_IN_USE', `another Soundlift runs on DATA_DIR ${path}`, { cause })
  }
}

const SECRET = 'jwt-secret'

/** The secret of this folder: made at the first call, readable by its owner alone. */
export async function secretOf(path: string): Promise<string> {
  const file = join(path, SECRET)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  // A link is made by one of several who start at once; the others read what that one wrote.
  await link(draft, file).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error
  })
  await rm(draft)
  return (await readFile(file, 'utf8')).trim()
}

/** The secret of this folder where one was made; null without one. Nothing is made. */
export async function knownSecretOf(path: string): Promise<string | null> {
  const text = await readFile(join(path, SECRET), 'utf8').catch(() => null)
  return text === null ? null : text.trim()
}

function reason(cause: unknown): string {
  if (isErrno(cause, 'ENOTDIR') || isErrno(cause, 'EEXIST')) return 'a part of the path is a file'
  if (isErrno(cause, 'EACCES') || isErrno(cause, 'EPERM')) return 'permission denied'
  if (isErrno(cause, 'EROFS')) return 'the file system is read-only'
  return cause instanceof Error ? cause.message : String(cause)
}
