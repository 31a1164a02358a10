import { open } from 'node:fs/promises'
import { AppError } from '../../domain/errors.ts'
import { roomFor } from './buffers.ts'
import type { ByteSource } from './byte-source.ts'

/** A file on disk as a source; INPUT_NOT_FOUND when it can not be read. */
export async function openFileSource(path: string): Promise<ByteSource> {
  try {
    const file = await open(path)
    const stat = await file.stat()
    if (!stat.isFile()) {
      await file.close()
      throw new AppError('INPUT_NOT_FOUND', `${path} is not a file`)
    }
    return {
      size: stat.size,
      gap: 64 * 1024,
      async read(offset, length, spare) {
        const { buffer, bytesRead } = await file.read(roomFor(length, spare), 0, length, offset)
        return buffer.subarray(0, bytesRead)
      },
      close: () => file.close(),
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('INPUT_NOT_FOUND', `${path} can not be read: ${reason(cause)}`, { cause })
  }
}

const reason = (cause: unknown) =>
  cause instanceof Error ? (cause.message.split(',')[0] ?? '') : String(cause)
