import type { AddressedChannel } from './delivery.ts'

/** Something a person is told about the account. Holds no secret: codes and tokens are derived while it is sent. */
interface AboutAccount {
  readonly id: string
  /** The request that asked for it, for the logs. */
  readonly requestId: string | null
  /** A user id, or the e-mail key of someone without an account. */
  readonly person: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A code that proves an address; it goes to that address. */
export interface AddressCodeEvent extends AboutAccount {
  readonly type: 'address.code'
  readonly channel: AddressedChannel
  /** Milliseconds since the epoch: not good from then on. */
  readonly until: number
}

/** A link that sets a new password. */
export interface PasswordResetEvent extends AboutAccount {
  readonly type: 'password.reset'
  /** Ties the link to the password it replaces. */
  readonly stamp: string
  /** Milliseconds since the epoch: not good from then on. */
  readonly until: number
}

/** An endpoint that is not called any more. */
export interface WebhookDisabledEvent extends AboutAccount {
  readonly type: 'webhook.disabled'
  readonly webhookId: string
  readonly url: string
  readonly reason: string
}

/** Asked for to see whether an endpoint works; it goes there. */
export interface WebhookPingEvent extends AboutAccount {
  readonly type: 'webhook.ping'
  readonly webhookId: string
}

export type AccountEvent = AddressCodeEvent | PasswordResetEvent | WebhookDisabledEvent | WebhookPingEvent

/** True for what someone has just asked for: it is told whatever is switched off. */
export function wasAskedFor({ type }: { readonly type: string }): boolean {
  return type === 'address.code' || type === 'password.reset' || type === 'webhook.ping'
}
