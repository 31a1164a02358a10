import type { AddressedChannel } from './delivery.ts'
import { AppError } from './errors.ts'
import { parseEmail } from './user.ts'

/** Milliseconds a code is good. */
export const CODE_LIFE = 15 * 60_000
/** How often one code may be tried. */
export const CODE_TRIES = 5
/** Codes for one person and channel, and to one address, in an hour. */
export const CODE_LIMIT = { codes: 5, within: 3_600_000 } as const

/** E.164: a plus, the code of a country, at most 15 digits. */
const NUMBER = /^\+[1-9]\d{6,14}$/

/** An address of this channel as it is kept: EMAIL_INVALID, NUMBER_INVALID. */
export function parseAddress(channel: AddressedChannel, text: string): string {
  if (channel === 'email') return parseEmail(text)
  const number = text.replace(/[\s().-]/g, '')
  if (!NUMBER.test(number)) throw new AppError('NUMBER_INVALID')
  return number
}
