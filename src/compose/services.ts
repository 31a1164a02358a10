import { isEmbedded } from '../config/not-shared.ts'
import type { Config } from '../config.ts'
import { createHealthServer } from '../http/health-server.ts'
import type { HttpService } from '../http/http-service.ts'
import type { Logger } from '../kit/logger.ts'
import type { Service } from '../kit/service.ts'
import { convert } from '../media/convert.ts'
import type { Identity } from '../ports/identity.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { NotificationCenter } from '../ports/notification-center.ts'
import type { Tracer } from '../ports/tracer.ts'
import { type Auth, createAuth, createAuthServer, createLocalIdentity } from '../services/auth/index.ts'
import { createConverter } from '../services/converter/index.ts'
import { createGateway } from '../services/gateway/index.ts'
import {
  createNotification,
  createNotificationCenter,
  createNotificationServer,
  openTemplates,
} from '../services/notification/index.ts'
import { createUpkeep } from '../services/upkeep/index.ts'
import { keepFree } from './keep-free.ts'
import type { Parts } from './parts.ts'

/** What every service is made of. */
export interface Making {
  readonly config: Config
  readonly parts: Parts
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracer: Tracer
}

const serverOf = ({ config, metrics }: Making, service: Logger) => ({
  trustProxy: config.trustProxy,
  corsOrigins: config.corsOrigins,
  logger: service,
  metrics,
})

type Accounts = Pick<Identity, 'accountId'> | null

/** Milliseconds in which balancers learn that a service is stopping. In one process nobody balances. */
const LINGER = 2_000
const listenOn = ({ host, role }: Config, port: number) => ({
  host,
  port,
  linger: role === 'all' ? 0 : LINGER,
})

/** Auth without a port; and the server before it, where it has one. */
export async function makeAuth(making: Making): Promise<{ auth: Auth; services: Service[] }> {
  const { config, parts } = making
  const logger = making.logger.child({ service: 'auth' })
  const auth = createAuth({
    users: await parts.users(),
    settings: {
      secret: await parts.secret(),
      jwtExpiresIn: config.jwtExpiresIn,
      registration: config.registration,
      firstIsAdmin: config.role === 'all' && isLoopback(config.host),
      admin: config.admin ?? null,
    },
    logger,
  })
  const port = config.ports.auth
  if (port === undefined)
    return { auth, services: [{ name: 'auth', start: () => auth.prepare(), stop: async () => {} }] }
  const listen = listenOn(config, port)
  const secret = await parts.secret()
  return { auth, services: [createAuthServer({ auth, secret, listen, ...serverOf(making, logger) })] }
}

/** Who is asking, for a gateway alone: auth over HTTP; with AUTH_LOCAL it is asked for accounts alone, or not at all. */
export async function makeIdentity({ config, parts }: Making): Promise<Identity> {
  if (!config.authLocal) return parts.identity()
  const accounts = config.authUrl === undefined ? null : await parts.identity()
  return createLocalIdentity(await parts.secret(), accounts)
}

export async function makeGateway(
  making: Making,
  identity: Identity,
  notificationCenter: NotificationCenter | null,
): Promise<HttpService> {
  const { config, parts } = making
  const { limits, bounds, retention } = config
  const { source, result } = await parts.blobs()
  const { logger, metrics, ...server } = serverOf(making, making.logger.child({ service: 'gateway' }))
  return createGateway({
    identity,
    notificationCenter,
    library: await parts.library(),
    blobs: { source: keepFree(source, config.diskReserve), result },
    broker: config.brokerUrl === null ? null : await parts.broker(),
    settings: {
      ...server,
      listen: listenOn(config, config.ports.gateway ?? 0),
      secret: await parts.secret(),
      publicUrl: config.publicUrl ?? null,
      uploadLimit: limits.upload,
      rawUploadLimit: limits.rawUpload,
      bounds,
      stallTimeout: limits.stallTimeout,
      quota: config.quota,
      retention: retention.source,
    },
    logger,
    metrics,
    tracer: making.tracer,
  })
}

/** `accounts`: whose the work of other programs is; null where auth can not be asked. */
export async function makeConverter(making: Making, accounts: Accounts): Promise<Service[]> {
  const { config, parts } = making
  const logger = making.logger.child({ service: 'converter' })
  const [library, blobs] = [await parts.library(), await parts.blobs()]
  const converter = createConverter({
    library,
    blobs,
    broker: await parts.broker(),
    accounts,
    convert,
    settings: {
      slots: config.slots,
      leaseMs: config.lease,
      limits: config.limits,
      retention: config.retention.result,
      sourceRetention: config.retention.source,
    },
    logger,
    metrics: making.metrics,
    tracer: making.tracer,
  })
  const upkeep = await makeUpkeep(making)
  const port = config.ports.converter
  if (port === undefined) return [converter, upkeep]
  const hard = {
    library: () => library.ping(),
    blobs: () => Promise.all([blobs.source.ping(), blobs.result.ping()]),
  }
  const listen = { host: config.host, port }
  const health = createHealthServer({
    name: 'converter',
    listen,
    checks: { hard },
    ...serverOf(making, logger),
  })
  return [health, converter, upkeep]
}

/** Runs beside the converter, or beside the gateway where nothing is converted. */
export async function makeUpkeep({ config, parts, logger }: Making): Promise<Service> {
  return createUpkeep({
    library: await parts.library(),
    blobs: await parts.blobs(),
    settings: { history: config.retention.history },
    logger: logger.child({ service: 'upkeep' }),
  })
}

/** The notification service as a gateway in its process sees it. */
export async function makeNotificationCenter({ config, parts }: Making): Promise<NotificationCenter> {
  return createNotificationCenter({
    notifications: await parts.notifications(),
    library: await parts.library(),
    secret: await parts.secret(),
    allowed: config.allowPrivateWebhooks,
  })
}

/** `publicUrl`: the base of links in mails. */
export async function makeNotification(
  making: Making,
  accounts: Accounts,
  publicUrl: () => string,
): Promise<Service[]> {
  const { config, parts } = making
  const { retention } = config
  const logger = making.logger.child({ service: 'notification' })
  const [library, notifications, secret] = [
    await parts.library(),
    await parts.notifications(),
    await parts.secret(),
  ]
  const notification = createNotification({
    library,
    notifications,
    broker: await parts.broker(),
    channels: { email: await parts.email(), sms: await parts.sms(), webhook: await parts.webhooks() },
    templates: await openTemplates(config.mail.templates ?? null),
    results: isShared(config) ? await parts.results() : null,
    accounts,
    settings: {
      publicUrl,
      secret,
      leaseMs: config.lease,
      retention: retention.result,
      history: retention.history,
    },
    logger,
    metrics: making.metrics,
    tracer: making.tracer,
  })
  const port = config.ports.notification
  if (port === undefined) return [notification]
  const checks = { hard: { library: () => library.ping(), notifications: () => notifications.ping() } }
  const listen = listenOn(config, port)
  const server = createNotificationServer({
    center: await makeNotificationCenter(making),
    secret,
    listen,
    checks,
    ...serverOf(making, logger),
  })
  return [server, notification]
}

/** May this process see the results of others? */
const isShared = ({ role, stores }: Config) => role === 'all' || !isEmbedded(stores.mp3s)

/** Hosts that nobody but this machine reaches: there the first account may be the administrator. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
