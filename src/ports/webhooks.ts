import type { Webhook, WebhookChange } from '../domain/webhook.ts'

/** The endpoints of people. Every method is one transaction. */
export interface Webhooks {
  /** WEBHOOK_LIMIT when the person has as many as one may have, also when several come at once. */
  add(webhook: Webhook): Promise<void>
  get(id: string): Promise<Webhook | null>
  /** A person's, oldest first. */
  of(person: string): Promise<readonly Webhook[]>
  /** False when it is not there. */
  change(id: string, change: WebhookChange): Promise<boolean>
  /** Notes that it fails now, where it did not before; the endpoint as it is then, null when it is not there. */
  failing(id: string, now: number): Promise<Webhook | null>
  /** False when it was not there. */
  remove(id: string): Promise<boolean>
}
