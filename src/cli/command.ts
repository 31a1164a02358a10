import { parseArgs } from 'node:util'
import { AppError } from '../domain/errors.ts'
import type { Output } from './output.ts'

/** A verb of the command line. */
export interface Command {
  readonly name: string
  /** One line for the list of verbs. */
  readonly summary: string
  /** What `--help` shows. */
  readonly usage: string
  /** Resolves with the exit code; a failure is thrown as an AppError. `--json` is not among the arguments. */
  run(args: readonly string[], out: Output): Promise<number>
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Options and the rest of a verb's arguments; USAGE names what is not understood. */
export function readArgs<const Known extends Options>(args: readonly string[], options: Known) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new AppError('USAGE', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
