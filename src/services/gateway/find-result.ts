import type { Conversion } from '../../domain/conversion.ts'
import { AppError } from '../../domain/errors.ts'
import type { StoredFile } from '../../domain/file.ts'
import { mayTouch, type Principal } from '../../domain/user.ts'
import { isId } from '../../kit/ids.ts'
import type { Library } from '../../ports/library.ts'
import { absent, fileFor } from './access.ts'

/** Seconds a client may wait before it asks again for a result. */
const ASK_AGAIN = 5

/**
 * The result that an id leads to: its own, that of a conversion, or the newest of a source. FILE_ID_MALFORMED,
 * FILE_NOT_FOUND, CONVERSION_NOT_READY, CONVERSION_FAILED, FILE_EXPIRED.
 */
export async function findResult(principal: Principal, id: string, library: Library): Promise<StoredFile> {
  if (!isId(id)) throw new AppError('FILE_ID_MALFORMED')
  if (!(await library.file(id))) return withoutFile(principal, id, library)
  const file = await fileFor(principal, id, library)
  if (file.kind === 'result') return file
  const newest = await library.newestResult(id)
  if (newest) return newest
  const conversion = await library.newestConversion(id)
  if (!conversion) throw new AppError('FILE_NOT_FOUND')
  return resultOf(conversion, library)
}

/** The id of a conversion, or of a source that is gone while its result may be there. */
async function withoutFile(principal: Principal, id: string, library: Library): Promise<StoredFile> {
  const conversion = await library.conversion(id)
  if (conversion && mayTouch(principal, conversion.ownerId)) return resultOf(conversion, library)
  const newest = await library.newestResult(id)
  if (newest && mayTouch(principal, newest.ownerId)) return newest
  throw await absent(principal, id, library)
}

async function resultOf({ state, failure, resultId }: Conversion, library: Library): Promise<StoredFile> {
  switch (state) {
    case 'queued':
    case 'running':
      throw new AppError('CONVERSION_NOT_READY', undefined, { retryAfter: ASK_AGAIN })
    case 'failed':
      throw new AppError(
        'CONVERSION_FAILED',
        `conversion failed: ${failure?.text ?? 'no reason was recorded'}`,
      )
    case 'cancelled':
      throw new AppError('CONVERSION_FAILED', 'conversion failed: The conversion was cancelled.')
    case 'done': {
      const result = resultId === null ? null : await library.file(resultId)
      // It was there: only expiry or its owner removes a result.
      if (!result) throw new AppError('FILE_EXPIRED')
      return result
    }
  }
}
