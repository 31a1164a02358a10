import { randomBytes } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { deriveKey } from '../kit/signed.ts'
import { AppError } from './errors.ts'
import type { ConversionEventType } from './event.ts'

/** What an endpoint may want to be told. */
export const WEBHOOK_EVENTS = [
  'conversion.queued',
  'conversion.running',
  'conversion.done',
  'conversion.failed',
] as const satisfies readonly ConversionEventType[]

/** An endpoint of a person, which is told events. Times are milliseconds since the epoch. */
export interface Webhook {
  readonly id: string
  /** As in `personOf`. */
  readonly person: string
  /** Of whoever made it: where the mail goes when it is disabled, unless the person has proven another address. */
  readonly email: string
  readonly url: string
  readonly events: readonly ConversionEventType[]
  /** The newest first. */
  readonly secrets: readonly WebhookSecret[]
  readonly enabled: boolean
  /** Why it is not enabled; null when the person switched it off. */
  readonly disabledReason: string | null
  /** When it first failed since it last succeeded; null when it did not. */
  readonly failingSince: number | null
  readonly createdAt: number
}

export interface WebhookSecret {
  /** Readable by the notification service alone. */
  readonly sealed: string
  /** Signs until then; null: until another takes its place. */
  readonly until: number | null
}

export type WebhookChange = Partial<
  Pick<Webhook, 'url' | 'events' | 'secrets' | 'enabled' | 'disabledReason' | 'failingSince'>
>

/** Endpoints of one person. */
export const MAX_WEBHOOKS = 20
/** Longest URL of a webhook. */
export const MAX_WEBHOOK_URL = 2_000

const DAY = 24 * 3_600_000
/** How long a secret that was replaced goes on to sign. */
export const SECRET_GRACE = DAY
/** How long an endpoint may fail without a success. */
const LONGEST_FAILURE = 7 * DAY

/** True when an endpoint that fails now has failed for so long that it is not called any more. */
export function hasFailedForLong({ failingSince }: Webhook, now: number): boolean {
  return failingSince !== null && now - failingSince >= LONGEST_FAILURE
}

/** The host of a URL: a name, or the plain form of an address (`http://0x7f.1/` says 127.0.0.1). */
export function hostOf({ hostname }: URL): { name: string; address: string | null } {
  const name = hostname.replace(/^\[|\]$/g, '')
  return { name, address: ipaddr.isValid(name) ? name : null }
}

/** A new secret in the form of the Standard Webhooks specification. */
export function newWebhookSecret(): string {
  return asSecret(randomBytes(32))
}

/**
 * What signs the webhooks that a person names for single conversions. It comes from JWT_SECRET: nothing is stored, and it
 * changes with that alone. Whoever wants to change a secret makes an endpoint.
 */
export function secretOfConversions(jwtSecret: string, person: string): string {
  return asSecret(deriveKey(jwtSecret, `webhooks of ${person}`))
}

const asSecret = (key: Buffer) => `whsec_${key.toString('base64')}`

/** A URL a webhook may have: http or https, without user and password, any port; WEBHOOK_URL_INVALID says what is wrong. */
export function parseWebhookUrl(text: string): URL {
  const url = text.length <= MAX_WEBHOOK_URL && URL.canParse(text) ? new URL(text) : null
  if (!url) throw new AppError('WEBHOOK_URL_INVALID')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('WEBHOOK_URL_INVALID', 'A webhook begins with http:// or https://.')
  }
  if (url.username || url.password) {
    throw new AppError('WEBHOOK_URL_INVALID', 'A webhook holds no user and no password.')
  }
  return url
}
