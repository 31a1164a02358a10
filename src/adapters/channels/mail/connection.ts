import { isIPv4 } from 'node:net'
import type { SMTPPoolOptions } from 'nodemailer'
import { AppError } from '../../../domain/errors.ts'

/** What SMTP_URL says, as nodemailer wants it; CONFIG_INVALID. `timeoutMs`: for each step. */
export function connectionOf(url: string, timeoutMs: number): SMTPPoolOptions & { pool: true; host: string } {
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
