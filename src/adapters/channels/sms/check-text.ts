import { AppError } from '../../../domain/errors.ts'
import type { Text } from '../../../ports/channel.ts'

const NUMBER = /^\+[1-9]\d{6,14}$/
/** Characters that are safe in a header and as the name of a file. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}@[A-Za-z0-9][A-Za-z0-9.-]{0,80}$/

/** DELIVERY_REFUSED for a number or an id that is none. */
export function checkText(message: Text): Text {
  if (!NUMBER.test(message.to))
    throw new AppError('DELIVERY_REFUSED', 'the address is not a telephone number')
  if (!ID.test(message.id)) throw new AppError('DELIVERY_REFUSED', 'the message id is malformed')
  return message
}
