import { errorKind, toAppError } from '../domain/errors.ts'

/** Writes a failure for a person: what, every single mistake, and how to mend it. Returns its exit code. */
export function tell(error: unknown, about?: string): number {
  const failure = toAppError(error)
  const { exit, remedy } = errorKind(failure.code)
  console.error(`soundlift: ${about ? `${about}: ` : ''}${failure.message}`)
  for (const { field, text } of failure.errors ?? []) console.error(`  ${field} ${text}`)
  console.error(`  ${remedy}`)
  if (failure.code === 'INTERNAL') console.error(failure.cause)
  return exit
}
