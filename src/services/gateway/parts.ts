import { AppError } from '../../domain/errors.ts'
import type { Quota } from '../../domain/usage.ts'
import type { Listen } from '../../http/http-service.ts'
import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Identity } from '../../ports/identity.ts'
import type { Library } from '../../ports/library.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { NotificationCenter } from '../../ports/notification-center.ts'
import type { Tracer } from '../../ports/tracer.ts'

export interface GatewaySettings {
  readonly listen: Listen
  /** PUBLIC_URL; null: links in answers name the host the request named. */
  readonly publicUrl: string | null
  readonly trustProxy: readonly string[]
  readonly corsOrigins: readonly string[]
  /** JWT_SECRET, from which the keys of links are derived. */
  readonly secret: string
  /** Bytes. */
  readonly uploadLimit: number
  readonly rawUploadLimit: number
  /** What the files of one person may take. */
  readonly quota: Quota
  /** How much is taken on: what goes beyond is refused, so that it does not slow down what is under way. */
  readonly bounds: {
    /** Uploads under way in this process. */
    readonly uploads: Bound
    /** Conversions that wait, whoever took them. */
    readonly queue: Bound
  }
  /** Milliseconds an upload may pause. */
  readonly stallTimeout: number
  /** Milliseconds a source is kept; absent: for ever. */
  readonly retention?: number | undefined
}

/** The most there may be at once, of everyone and of one person. */
export interface Bound {
  readonly inAll: number
  readonly each: number
}

/** What the gateway works with. Whoever opened a part closes it. */
export interface GatewayParts {
  readonly identity: Identity
  readonly library: Library
  readonly blobs: { readonly source: Blobs; readonly result: Blobs }
  /** null: this server does not convert. */
  readonly broker: Broker | null
  /** null likewise: nobody is told anything. */
  readonly notificationCenter: NotificationCenter | null
  readonly settings: GatewaySettings
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracer: Tracer
  readonly now: Clock
}

/** CONVERSIONS_OFF where there is no broker. */
export function brokerOf({ broker }: Pick<GatewayParts, 'broker'>): Broker {
  if (!broker) throw new AppError('CONVERSIONS_OFF')
  return broker
}

/** CONVERSIONS_OFF likewise. */
export function centerOf({
  notificationCenter,
}: Pick<GatewayParts, 'notificationCenter'>): NotificationCenter {
  if (!notificationCenter) throw new AppError('CONVERSIONS_OFF')
  return notificationCenter
}
