import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'

type Bytes = string | Buffer | NodeJS.ReadableStream

/** Makes the folder of kept messages, for its owner alone. */
export async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Readers see the old file or the new one, never half of one. */
export async function put(folder: string, name: string, bytes: Bytes): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}`)
  try {
    await writeDurably(temporary, bytes)
    await rename(temporary, join(folder, name))
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new AppError('DELIVERY_DEFERRED', `the outbox ${folder} can not be written`, { cause })
  }
}

async function writeDurably(path: string, bytes: Bytes): Promise<void> {
  const file = await open(path, 'wx', 0o600) // links and codes in it are for its receiver
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
