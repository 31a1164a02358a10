import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, isErrno } from '../../domain/errors.ts'

/** Where the database of a `sqlite:` URL lies; a relative path counts from the data folder. CONFIG_INVALID. */
export function sqlitePath(url: URL | string, dataDir: string): string {
  const { host, pathname } = new URL(url)
  if (host !== '') {
    throw new AppError('CONFIG_INVALID', `${url} names a host: write sqlite:/${host}${pathname} for a file`)
  }
  if (pathname.startsWith('/')) return fileURLToPath(`file://${pathname}`)
  return resolve(dataDir, decodeURIComponent(pathname) || 'soundlift.db')
}

/** Makes the folder and the file where they are missing; DATA_DIR_UNUSABLE with the path and the reason. */
export function makeSqliteFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    // SQLite keeps its journal beside the file, so the folder itself must be writable too.
    accessSync(dirname(path), constants.W_OK | constants.X_OK)
    createPrivate(path)
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('DATA_DIR_UNUSABLE', `The database ${path} can not be written: ${reason}`, { cause })
  }
}

/**
 * Password hashes lie here: for the owner's eyes only; the journal inherits it. An existing file is never opened,
 * because closing it would drop the locks other connections of this process hold on it
 * (https://sqlite.org/howtocorrupt.html, 2.2).
 */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
}
