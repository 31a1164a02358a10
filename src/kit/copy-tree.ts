import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Copies a folder, file by file, and what links in it lead to; `wanted` is asked about every path in it, relative, and left-out folders are not entered.
 * What is removed meanwhile is left out too. Where the file system can, a copy shares its bytes with the original.
 * Returns how many files there are now.
 */
export async function copyTree(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  below = '',
): Promise<number> {
  await mkdir(join(to, below), { recursive: true, mode: 0o700 })
  let files = 0
  for (const entry of await readdir(join(from, below), { withFileTypes: true }).catch(nothing)) {
    const path = join(below, entry.name)
    if (!wanted(path)) continue
    const kind = entry.isSymbolicLink() ? await stat(join(from, path)) : entry
    if (kind.isDirectory()) files += await copyTree(from, to, wanted, path)
    else if (kind.isFile() && (await copied(join(from, path), join(to, path)))) files += 1
  }
  return files
}

async function copied(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

function nothing(error: unknown): [] {
  if (isGone(error)) return []
  throw error
}

const isGone = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'
