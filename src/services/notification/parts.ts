import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Channel, Mail, Text, WebhookMessage } from '../../ports/channel.ts'
import type { Identity } from '../../ports/identity.ts'
import type { Library } from '../../ports/library.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Notifications } from '../../ports/notifications.ts'
import type { Tracer } from '../../ports/tracer.ts'
import type { Templates } from './templates.ts'

/** What the notification service works with. */
export interface NotificationParts {
  readonly library: Library
  readonly notifications: Notifications
  readonly broker: Broker
  /** Where results of other programs lie; null: they are not looked for. */
  readonly results: Blobs | null
  /** Who is known by an address; null: nobody. */
  readonly accounts: Pick<Identity, 'accountId'> | null
  readonly channels: Channels
  /** Of mails. */
  readonly templates: Templates
  readonly settings: NotificationSettings
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracer: Tracer
  readonly now: Clock
}

/** A way for each name of a channel. */
export interface Channels {
  readonly email: Channel<Mail>
  readonly sms: Channel<Text>
  readonly webhook: Channel<WebhookMessage>
}

export interface NotificationSettings {
  /** The base of the links in mails: PUBLIC_URL, or where the gateway came to listen. */
  readonly publicUrl: () => string
  /** JWT_SECRET; the key for links that switch mails off is derived from it. */
  readonly secret: string
  /** How long a delivery is held, milliseconds; longer than a channel may take to send. */
  readonly leaseMs: number
  /** How long a result that is taken up is kept, milliseconds; for ever without it. */
  readonly retention?: number | undefined
  /** How long deliveries that ended are kept, milliseconds; for ever without it. */
  readonly history?: number | undefined
  /** Between two looks for events of which no message came, milliseconds; 3 s. */
  readonly sweepMs?: number
  /** Between two looks for deliveries that ended long ago, milliseconds; 10 min. */
  readonly forgetMs?: number
}
