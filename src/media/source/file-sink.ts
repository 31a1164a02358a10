import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError, isErrno } from '../../domain/errors.ts'
import type { Sink } from './sink.ts'

/** A file being written beside its place: there whole after `commit`, gone after `abort`. */
export interface FileSink extends Sink {
  commit(): Promise<void>
  abort(): Promise<void>
}

/** OUTPUT_UNWRITABLE when the folder can not be written; writing fails with STORAGE_FULL when the disk is full. */
export async function createFileSink(path: string): Promise<FileSink> {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  const file = await open(part, 'w').catch((cause: unknown) => {
    throw new AppError('OUTPUT_UNWRITABLE', `${path} can not be written: ${reason(cause)}`, { cause })
  })
  let size = 0
  const put = async (bytes: Uint8Array, offset: number) => {
    try {
      for (let done = 0; done < bytes.length; )
        done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
    } catch (cause) {
      if (!isErrno(cause, 'ENOSPC') && !isErrno(cause, 'EDQUOT')) throw cause
      throw new AppError('STORAGE_FULL', `${path} can not be written: the disk is full`, { cause })
    }
  }
  return {
    async write(bytes) {
      await put(bytes, size)
      size += bytes.length
    },
    patch: (offset, bytes) => put(bytes, offset),
    async commit() {
      await file.close()
      await rename(part, path)
    },
    async abort() {
      await file.close().catch(() => {})
      await rm(part, { force: true })
    },
  }
}

function reason(cause: unknown): string {
  if (isErrno(cause, 'ENOENT')) return 'there is no such folder'
  if (isErrno(cause, 'EACCES') || isErrno(cause, 'EROFS')) return 'it is not allowed here'
  return cause instanceof Error ? cause.message : String(cause)
}
