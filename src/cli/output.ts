import { errorKind, toAppError } from '../domain/errors.ts'

/** Where a verb's answer goes: lines for a person, or with `--json` one document for a program. */
export interface Output {
  /** A line for a person, at once. */
  say(line: string): void
  /** All that the verb found or did, once, at its end. */
  answer(document: unknown): void
}

/** What people read. */
export const forPeople: Output = { say: (line) => console.log(line), answer: () => {} }

/** One document on standard output; times in it are ISO 8601, as in /v1. */
export const forPrograms: Output = {
  say: () => {},
  answer: (document) => console.log(JSON.stringify(document, withTimes, 2)),
}

/** Takes `--json` out of a verb's arguments: every verb understands it. What stands behind `--` is no option. */
export function takeJson(args: readonly string[]): {
  readonly args: readonly string[]
  readonly json: boolean
} {
  const end = args.indexOf('--')
  const isOurs = (text: string, place: number) => text === '--json' && (end === -1 || place < end)
  return { args: args.filter((text, place) => !isOurs(text, place)), json: args.some(isOurs) }
}

/** A failure as a program reads it. */
export function describeError(error: unknown) {
  const { code, message, errors } = toAppError(error)
  return { code, message, ...(errors && { errors }), remedy: errorKind(code).remedy }
}

/** Names of fields that hold milliseconds since the epoch. */
const TIME = /At$|^(at|until|notBefore)$/

function withTimes(key: string, value: unknown): unknown {
  return typeof value === 'number' && TIME.test(key) ? new Date(value).toISOString() : value
}
