import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, open, opendir, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { AppError, isErrno, toAppError } from '../../domain/errors.ts'
import type { Blobs } from '../../ports/blobs.ts'
import { isForLongKey, keyOfPath, pathOfKey } from './files/key-path.ts'
import { openWriter } from './files/writer.ts'

/** Where writes lie until they are committed; in the same file system, so that a rename makes them visible. */
const UNFINISHED = '.unfinished'
/** A file costs a jump little. */
const GAP = 32 * 1024
const READ_AT_ONCE = 256 * 1024

/** Blobs as files below `folder`, which is made when it is missing. Fails with STORAGE_FULL when the disk is full. */
export async function openFiles(folder: string): Promise<Blobs> {
  const unfinished = join(folder, UNFINISHED)
  await mkdir(unfinished, { recursive: true })
  const pathOf = (key: string) => join(folder, pathOfKey(key))
  return {
    gap: GAP,
    create: (key) => openWriter(join(unfinished, randomUUID()), pathOf(key)),
    size: async (key) => (await stat(pathOf(key)).catch(notFound)).size,
    read: (key, range) => read(pathOf(key), range),
    remove: (key) => remove(pathOf(key)),
    list: (before) => list(folder, before),
    removeUnfinished: (before) => removeOlder(unfinished, before),
    async room() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    async ping() {
      await access(unfinished, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
        throw new AppError('SERVICE_UNAVAILABLE', 'the folder of the blobs can not be read and written', {
          cause,
        })
      })
    },
    async close() {},
  }
}

async function read(path: string, range?: { offset: number; length: number }): Promise<Readable> {
  const handle = await open(path, 'r').catch(notFound)
  if (range?.length === 0) {
    await handle.close()
    return Readable.from([])
  }
  const window = range ? { start: range.offset, end: range.offset + range.length - 1 } : {}
  return handle.createReadStream({ ...window, highWaterMark: READ_AT_ONCE })
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true })
  await removeIfEmpty(dirname(path))
}

/** A folder that only a long key needed goes with it; others may still be in it. */
async function removeIfEmpty(folder: string): Promise<void> {
  if (!isForLongKey(folder)) return
  try {
    await rmdir(folder)
  } catch {
    return
  }
  await removeIfEmpty(dirname(folder))
}

/** Walks one folder at a time, so that a million blobs need no more memory than ten. */
async function* list(folder: string, before: number): AsyncGenerator<string> {
  for await (const shard of await opendir(folder)) {
    if (shard.isDirectory() && shard.name !== UNFINISHED) yield* walk(join(folder, shard.name), [], before)
  }
}

async function* walk(folder: string, above: readonly string[], before: number): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    const segments = [...above, entry.name]
    if (entry.isDirectory()) yield* walk(path, segments, before)
    else if (await olderThan(path, before)) {
      const key = keyOfPath(segments)
      if (key !== undefined) yield key
    }
  }
}

async function removeOlder(folder: string, before: number): Promise<number> {
  let removed = 0
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    if (!(await olderThan(path, before))) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}

/** False for a file that went away meanwhile. */
async function olderThan(path: string, before: number): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  })
  return found !== null && found.mtimeMs < before
}

function notFound(error: unknown): never {
  if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR'))
    throw new AppError('BLOB_NOT_FOUND', undefined, { cause: error })
  throw toAppError(error)
}
