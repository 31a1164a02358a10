import type { Channel, Mail } from '../../ports/channel.ts'
import { connectionOf } from './mail/connection.ts'
import { mailOptions } from './mail/mail-options.ts'
import { smtpError } from './mail/smtp-error.ts'

export interface SmtpSettings {
  /** SMTP_URL: `smtps://` is TLS from the first byte, `smtp://` demands STARTTLS (not on loopback or with `?tls=off`). */
  readonly url: string
  /** MAIL_FROM. */
  readonly from: string
  /** Milliseconds for one hand-over in all; shorter than the lease of a delivery, or another sends it too. */
  readonly timeoutMs?: number
}

/** E-mail through a mail server; connections are made when the first message goes, and kept for a while. */
export async function openSmtp({ url, from, timeoutMs = 20_000 }: SmtpSettings): Promise<Channel<Mail>> {
  const options = connectionOf(url, timeoutMs)
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(options)
  transport.on('error', () => {}) // each failure also reaches the message it concerns
  return {
    async send(message) {
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        await transport.sendMail({ ...mailOptions(message, from), signal })
        return 'sent'
      } catch (error) {
        throw smtpError(error, `the mail server ${options.host}`)
      }
    },
    async close() {
      transport.close()
    },
  }
}
