import { AppError } from '../errors.ts'

/** What a form, a query or a command line gives for one field. */
export type Given = string | number

/** A wish that is refused: the sentence names what is possible. */
export const refuse = (text: string): never => {
  throw new AppError('WISH_INVALID', text)
}

/** What was given, short enough to be shown back. */
export const shown = (value: Given) => `'${String(value).slice(0, 40)}'`
