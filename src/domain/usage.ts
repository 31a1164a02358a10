import { formatSize } from '../kit/units.ts'
import { AppError } from './errors.ts'

/** What files take; of a person: sources and results together. */
export interface Usage {
  readonly files: number
  readonly bytes: number
}

/** What the files of a person may take; what is absent is not bounded. */
export interface Quota {
  readonly files?: number | undefined
  readonly bytes?: number | undefined
}

/** Do files that take `more` fit beside what is used? */
export function fits(used: Usage, more: Usage, { files = Infinity, bytes = Infinity }: Quota): boolean {
  return used.files + more.files <= files && used.bytes + more.bytes <= bytes
}

/** QUOTA_EXCEEDED with what is used and what is allowed. */
export function quotaExceeded(used: Usage, { files, bytes }: Quota): AppError {
  const says =
    files !== undefined && used.files >= files
      ? `You have ${used.files} of ${files} files`
      : `Your files take ${formatSize(used.bytes)} of ${formatSize(bytes ?? used.bytes)}, and this does not fit`
  return new AppError('QUOTA_EXCEEDED', `${says}. Delete files that are not needed.`)
}
