import { toAppError } from '../../../domain/errors.ts'
import type { Examine } from '../../../ports/examination.ts'
import { connectionOf } from '../mail/connection.ts'
import { smtpError } from '../mail/smtp-error.ts'

/** Milliseconds for each step. */
const TIMEOUT = 8_000

/** Connects, encrypts and logs in; sends no mail. */
export const examineSmtp: Examine<{ readonly url: string }> = async ({ url }, found) => {
  const { pool: _, ...options } = connectionOf(url, TIMEOUT)
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(options)
  try {
    await found.ask(() => transport.verify())
    const encrypted = options.secure ? 'TLS' : options.requireTLS ? 'STARTTLS' : 'not encrypted'
    found.fact(`${options.host}, ${encrypted}, ${options.auth ? 'logged in' : 'without a login'}`)
  } catch (error) {
    const { message } = toAppError(smtpError(error, `the mail server ${options.host}`))
    const says = error instanceof Error ? error.message : String(error)
    const what = message.includes(says) ? message : `${message} (${says})`
    found.fail(
      what,
      `Mend ${found.variable}: host, port, smtps:// for TLS from the first byte, user and password.`,
    )
  } finally {
    transport.close()
  }
}
