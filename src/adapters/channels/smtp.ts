import { isIPv4 } from 'node:net'
import type { SMTPPoolOptions } from 'nodemailer'
import { AppError } from '../../domain/errors.ts'
import type { Channel, Mail } from '../../ports/channel.ts'
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

function connectionOf(url: string, timeoutMs: number): SMTPPoolOptions & { pool: true; host: string } {
  const parsed = parse(url)
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const secure = parsed.protocol === 'smtps:'
  const plain = isLoopback(host) || parsed.searchParams.get('tls') === 'off'
  return {
    pool: true,
    host,
    ...(parsed.port && { port: Number(parsed.port) }),
    secure,
    ...(!secure && (plain ? { ignoreTLS: true } : { requireTLS: true })),
    ...(parsed.username && { auth: { user: decode(parsed.username), pass: decode(parsed.password) } }),
    maxConnections: 2,
    maxRequeues: 1, // a kept connection may have been closed by the server meanwhile
    idleTimeout: 30_000,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  }
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.hostname) return parsed
  throw new AppError('CONFIG_INVALID', 'SMTP_URL: not a URL such as smtps://user:password@mail.example.com')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AppError('CONFIG_INVALID', 'SMTP_URL: user and password must be percent-encoded')
  }
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
