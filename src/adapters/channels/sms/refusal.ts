import { AppError } from '../../../domain/errors.ts'
import { nameOf, type PostAnswer } from './post.ts'

/**
 * What an answer that is no success means: DELIVERY_REFUSED for one about the message, DELIVERY_DEFERRED for what may pass
 * (429, 5xx) or what the operator can mend (login, address, redirect). `says` is the provider's own sentence.
 */
export function refusal(address: URL, { status, retryAfter }: PostAnswer, says: string): AppError {
  const who = nameOf(address)
  const answer = `${status} ${says.replace(/\s+/g, ' ').slice(0, 200)}`.trim()
  const deferred = (text: string) =>
    new AppError('DELIVERY_DEFERRED', text, retryAfter === undefined ? {} : { retryAfter })
  if ([401, 403].includes(status)) return deferred(`${who} refuses the login; check SMS_URL: ${answer}`)
  if ([404, 405].includes(status) || status < 400)
    return deferred(`${who} is not there; check SMS_URL: ${answer}`)
  if ([408, 409, 425, 429].includes(status) || status >= 500)
    return deferred(`${who} does not take the message now: ${answer}`)
  return new AppError('DELIVERY_REFUSED', `${who} refuses the message: ${answer}`)
}
