import { AppError } from '../../domain/errors.ts'
import { mayBeDialled, type Networks } from '../../domain/public-address.ts'
import { hostOf, parseWebhookUrl } from '../../domain/webhook.ts'
import { withDeadline } from '../../kit/closers.ts'
import type { Channel, WebhookMessage } from '../../ports/channel.ts'
import { type Answer, post } from './webhook/post.ts'
import { createResolve, type Resolve } from './webhook/resolve.ts'

export interface WebhookSettings {
  /** ALLOW_PRIVATE_WEBHOOKS: networks that are not public and may be reached all the same. */
  readonly allowed: Networks
  /** Milliseconds until a connection stands; 5 s. */
  readonly connectMs?: number
  /** Milliseconds for one message in all; 15 s. Shorter than the lease of a delivery, or another sends it too. */
  readonly timeoutMs?: number
  /** For tests. */
  readonly resolve?: Resolve
}

/** Webhooks over HTTP: signed, bounded, without redirects, and to nowhere inside. */
export async function openWebhooks({
  allowed,
  connectMs = 5_000,
  timeoutMs = 15_000,
  resolve = createResolve(allowed),
}: WebhookSettings): Promise<Channel<WebhookMessage>> {
  const { Webhook } = await import('standardwebhooks')
  const signed: Sign = (secret, { id, body, now }) => new Webhook(secret).sign(id, new Date(now), body)
  const bring = async (message: WebhookMessage): Promise<Answer> => {
    const signal = AbortSignal.timeout(timeoutMs)
    const url = parseWebhookUrl(message.url)
    const addresses = await withDeadline(addressesOf(url, resolve), connectMs)
    if (!addresses.every((address) => mayBeDialled(address, allowed))) {
      throw new AppError('WEBHOOK_TARGET_REFUSED', undefined, { cause: new Error(addresses.join(', ')) })
    }
    const { body } = message
    return post({ url, addresses, headers: headersOf(message, signed), body, connectMs, signal })
  }
  return {
    async send(message) {
      try {
        return meaningOf(await bring(message))
      } catch (error) {
        throw error instanceof AppError ? error : unreachable(error)
      }
    },
    async close() {},
  }
}

async function addressesOf(url: URL, resolve: Resolve): Promise<readonly string[]> {
  const { name, address } = hostOf(url)
  return address === null ? resolve(name) : [address]
}

type Sign = (secret: string, message: WebhookMessage) => string

function headersOf(message: WebhookMessage, signed: Sign): Record<string, string> {
  const { id, secrets, now } = message
  return {
    'content-type': 'application/json',
    'user-agent': 'Soundlift',
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now / 1000)}`,
    'webhook-signature': secrets.map((secret) => signed(secret, message)).join(' '),
  }
}

function meaningOf({ status, retryAfter }: Answer): 'sent' {
  if (status >= 200 && status < 300) return 'sent'
  if (status === 410) throw new AppError('WEBHOOK_GONE')
  const wait = status === 429 || status === 503 ? secondsOf(retryAfter) : undefined
  throw new AppError(
    'DELIVERY_DEFERRED',
    `the receiver answered ${status}`,
    wait === undefined ? {} : { retryAfter: wait },
  )
}

/** Retry-After as seconds or as a date, RFC 9110 section 10.2.3. */
function secondsOf(retryAfter = ''): number | undefined {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter)
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000)
}

function unreachable(cause: unknown): AppError {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  const why = typeof code === 'string' ? (REASONS[code] ?? code) : 'no connection in time'
  return new AppError('DELIVERY_DEFERRED', `the receiver can not be reached (${why})`, { cause })
}

const REASONS: Readonly<Record<string, string>> = { ABORT_ERR: 'no answer in time' }
