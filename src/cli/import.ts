import { AppError } from '../domain/errors.ts'
import type { Imported } from '../domain/imported.ts'
import type { Output } from './output.ts'

/** The URL of `--from`; USAGE when it is missing or none. It may bear a password: it is never repeated. */
export function foreignUrl(given: string | undefined): string {
  if (given === undefined) throw new AppError('USAGE', '--from is missing: the URL of what is imported')
  // A MongoDB URL may name several hosts, which `URL` can not read: its driver looks at it.
  if (!given.startsWith('mongodb') && !URL.canParse(given)) throw new AppError('USAGE', '--from is not a URL')
  return given
}

/** Names what an import does not take as it should be, on standard error. */
export function note(where: string, what: string): void {
  console.error(`${where}: ${what}`)
}

/** Says how an import ended; its exit code. */
export function conclude(out: Output, { imported, there, refused }: Imported, dryRun = false): number {
  out.say(`${dryRun ? 'dry run: ' : ''}${imported} imported, ${there} already there, ${refused} refused`)
  out.answer({ dryRun, imported, there, refused })
  return refused > 0 ? 1 : 0
}
