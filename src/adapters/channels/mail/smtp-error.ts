import { AppError } from '../../../domain/errors.ts'

/** Commands whose refusal is about the message; a refusal of any other is about the server or the login. */
const ABOUT_THE_MESSAGE = /^(MAIL FROM|RCPT TO|DATA)/
/** "Authentication required" and its kin, RFC 4954 section 6: our settings are wrong, not the message. */
const ABOUT_THE_LOGIN = new Set([530, 534, 535, 538])
const LOGIN_CODES = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2'])

/**
 * What a failed hand-over means: DELIVERY_REFUSED for a 5xx about the message, DELIVERY_DEFERRED for everything that
 * may pass (4xx, network, time-outs) or that the operator can mend. The message is the reason, without a secret.
 */
export function smtpError(error: unknown, server: string): AppError {
  if (error instanceof AppError) return error
  const { code, command, response, responseCode } = factsOf(error)
  const answer = response === undefined ? '' : `: ${response.replace(/\s+/g, ' ').slice(0, 200)}`
  const deferred = (reason: string) => new AppError('DELIVERY_DEFERRED', reason, { cause: error })

  if (code === 'ETLS' || command === 'STARTTLS')
    return deferred(`no encrypted connection to ${server}; SMTP_URL may need smtps:// or ?tls=off`)
  if (LOGIN_CODES.has(code) || ABOUT_THE_LOGIN.has(responseCode))
    return deferred(`${server} refuses the login; check user and password in SMTP_URL${answer}`)
  if (responseCode >= 500 && responseCode !== 503 && ABOUT_THE_MESSAGE.test(command))
    return new AppError('DELIVERY_REFUSED', `${server} refuses the message${answer}`, { cause: error })
  if (responseCode > 0) return deferred(`${server} does not take the message now${answer}`)
  if (code === 'EENVELOPE')
    return new AppError('DELIVERY_REFUSED', 'the address can not be written to', { cause: error })
  if (code === 'ETIMEDOUT' || code === 'EABORT') return deferred(`${server} did not answer in time`)
  return deferred(`${server} can not be reached (${code || 'unknown reason'})`)
}

/** The few fields nodemailer sets that are looked at; absent ones are empty. */
function factsOf(error: unknown) {
  const facts: object = error instanceof Error ? error : {}
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(facts, name)
    return typeof value === 'string' ? value : undefined
  }
  const number: unknown = Reflect.get(facts, 'responseCode')
  return {
    code: text('code') ?? '',
    command: text('command') ?? '',
    response: text('response'),
    responseCode: typeof number === 'number' ? number : 0,
  }
}
