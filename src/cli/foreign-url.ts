import { AppError } from '../domain/errors.ts'

/** The URL of `--from`; USAGE when it is missing or none. It may bear a password: it is never repeated. */
export function foreignUrl(given: string | undefined): string {
  if (given === undefined) throw new AppError('USAGE', '--from is missing: the URL of what is imported')
  // A MongoDB URL may name several hosts, which `URL` can not read: its driver looks at it.
  if (!given.startsWith('mongodb') && !URL.canParse(given)) throw new AppError('USAGE', '--from is not a URL')
  return given
}
