import { AppError } from '../../../domain/errors.ts'
import { mayBeDialled, type Networks } from '../../../domain/public-address.ts'
import {
  hostOf,
  newWebhookSecret,
  parseWebhookUrl,
  SECRET_GRACE,
  type Webhook,
  type WebhookChange,
} from '../../../domain/webhook.ts'
import type { Clock } from '../../../kit/clock.ts'
import { idFor, newId } from '../../../kit/ids.ts'
import type { Library } from '../../../ports/library.ts'
import type {
  NotificationCenter,
  WebhookChangeShape,
  WebhookShape,
} from '../../../ports/notification-center.ts'
import type { Notifications } from '../../../ports/notifications.ts'
import { sealSecret } from './secrets.ts'

export interface EndpointParts {
  readonly notifications: Notifications
  readonly library: Pick<Library, 'watch'>
  /** JWT_SECRET; the key that seals the secrets of endpoints is derived from it. */
  readonly secret: string
  /** ALLOW_PRIVATE_WEBHOOKS. */
  readonly allowed: Networks
  readonly now: Clock
}

type Endpoints = Pick<
  NotificationCenter,
  | 'webhooks'
  | 'webhook'
  | 'addWebhook'
  | 'changeWebhook'
  | 'removeWebhook'
  | 'rotateWebhookSecret'
  | 'testWebhook'
>

/** What happens when nothing else is wished. */
const DEFAULT_EVENTS = ['conversion.done', 'conversion.failed'] as const
/** Tests of an endpoint that are asked for within so many milliseconds are one. */
const PING_PACE = 5_000

/** What people do with their endpoints. Whose an endpoint is, the gateway looks at. */
export function createEndpoints(parts: EndpointParts): Endpoints {
  const { notifications, secret, now } = parts
  const { webhooks } = notifications
  return {
    webhooks: async ({ person }) => (await webhooks.of(person)).map(show),
    async webhook({ id }) {
      const webhook = await get(parts, id)
      return { ...show(webhook), person: webhook.person }
    },
    async addWebhook({ person, email, url, events = [...DEFAULT_EVENTS] }) {
      checkUrl(url, parts.allowed)
      const fresh = newWebhookSecret()
      const id = newId(now())
      const secrets = [{ sealed: sealSecret(secret, id, fresh), until: null }]
      const state = { enabled: true, disabledReason: null, failingSince: null }
      const webhook = { id, person, email, url, events, secrets, ...state, createdAt: now() }
      await watchFor(parts, webhook)
      await webhooks.add(webhook)
      return { ...show(webhook), secret: fresh }
    },
    async changeWebhook({ id, change }) {
      const { person } = await get(parts, id)
      if (change.url !== undefined) checkUrl(change.url, parts.allowed)
      await watchFor(parts, { person, events: change.events ?? [] })
      await webhooks.change(id, changeOf(change))
      return show(await get(parts, id))
    },
    async removeWebhook({ id }) {
      if (!(await webhooks.remove(id))) throw new AppError('WEBHOOK_NOT_FOUND')
      return {}
    },
    rotateWebhookSecret: ({ id }) => rotate(parts, id),
    async testWebhook({ id }) {
      const { person } = await get(parts, id)
      const at = now()
      const event = {
        id: idFor(`${id} ping ${Math.floor(at / PING_PACE)}`),
        type: 'webhook.ping',
        requestId: null,
        person,
        webhookId: id,
        createdAt: at,
      } as const
      await notifications.enqueue([{ id: newId(at), event, channel: 'webhook', address: id }], at)
      return {}
    },
  }
}

async function get({ notifications }: EndpointParts, id: string): Promise<Webhook> {
  const webhook = await notifications.webhooks.get(id)
  if (!webhook) throw new AppError('WEBHOOK_NOT_FOUND')
  return webhook
}

/** An address that stands in the URL is refused at once; where a name leads is known when it is called. */
function checkUrl(text: string, allowed: Networks): void {
  const address = hostOf(parseWebhookUrl(text)).address
  if (address !== null && !mayBeDialled(address, allowed)) throw new AppError('WEBHOOK_TARGET_REFUSED')
}

/** Before the endpoint is there, so that it misses nothing. Once on it stays on: all it costs is events for nobody. */
async function watchFor(
  { library }: EndpointParts,
  { person, events }: Pick<Webhook, 'person' | 'events'>,
): Promise<void> {
  if (events.some((event) => event === 'conversion.queued' || event === 'conversion.running')) {
    await library.watch(person)
  }
}

/** Who changes the URL or switches it on again begins without the failures of before. */
function changeOf(change: WebhookChangeShape): WebhookChange {
  const anew = { disabledReason: null, failingSince: null }
  return { ...change, ...(change.url !== undefined || change.enabled !== undefined ? anew : {}) }
}

/** The one before goes on to sign for a while, and none older than that. */
async function rotate(parts: EndpointParts, id: string): Promise<{ secret: string }> {
  const { notifications, secret, now } = parts
  const [former] = (await get(parts, id)).secrets
  const fresh = newWebhookSecret()
  const secrets = [
    { sealed: sealSecret(secret, id, fresh), until: null },
    ...(former ? [{ ...former, until: now() + SECRET_GRACE }] : []),
  ]
  await notifications.webhooks.change(id, { secrets })
  return { secret: fresh }
}

function show({ id, url, events, enabled, disabledReason, failingSince, createdAt }: Webhook): WebhookShape {
  return {
    id,
    url,
    events: [...events],
    enabled,
    disabledReason,
    failingSince: failingSince === null ? null : time(failingSince),
    createdAt: time(createdAt),
  }
}

const time = (milliseconds: number) => new Date(milliseconds).toISOString()
