import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno, toAppError } from '../../../domain/errors.ts'
import { type BlobWriter, checkPatch } from '../../../ports/blobs.ts'

/** Writes to `temporary` and moves it to `final` on commit: nobody ever sees half a blob, not even after a power cut. */
export async function openWriter(temporary: string, final: string): Promise<BlobWriter> {
  const handle = await open(temporary, 'wx', 0o600).catch(failed)
  let size = 0
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await handle.close()
  }
  return {
    async write(bytes) {
      await writeAll(handle, bytes, size).catch(failed)
      size += bytes.length
    },
    async patch(offset, bytes) {
      checkPatch(offset, bytes.length, size)
      await writeAll(handle, bytes, offset).catch(failed)
    },
    async commit() {
      try {
        await handle.sync()
        await close()
        await moveDurably(temporary, final)
        return size
      } catch (error) {
        return failed(error)
      }
    },
    async abort() {
      await close().catch(() => {})
      await rm(temporary, { force: true })
    },
  }
}

/** One call may write less than it was given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** A rename survives a power cut only when its folder, and every folder made for it, is synced too. */
async function moveDurably(from: string, to: string): Promise<void> {
  const folder = dirname(to)
  const made = await mkdir(folder, { recursive: true })
  await rename(from, to).catch(async (error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error
    await mkdir(folder, { recursive: true }) // a `remove` took the folder away in between
    await rename(from, to)
  })
  await syncFolder(folder)
  if (made === undefined) return
  for (let each = folder; each.length >= made.length; each = dirname(each)) await syncFolder(dirname(each))
}

/** Windows can not open a folder; its file systems log renames by themselves. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function failed(error: unknown): never {
  throw toAppError(error)
}
