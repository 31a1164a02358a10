import { openBlobs } from '../adapters/blobs/index.ts'
import { openBroker } from '../adapters/broker/index.ts'
import { openEmail, openSms, openWebhooks } from '../adapters/channels/index.ts'
import { openIdentity } from '../adapters/identity/index.ts'
import { openLibrary } from '../adapters/library/index.ts'
import { openNotificationCenter } from '../adapters/notification-center/index.ts'
import { openNotifications } from '../adapters/notifications/index.ts'
import { openUsers } from '../adapters/users/index.ts'
import type { Config } from '../config.ts'
import { secretOf } from '../data-dir.ts'
import { AppError } from '../domain/errors.ts'
import type { Closers } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'

export type Parts = ReturnType<typeof createParts>

/**
 * The parts the configuration names; each is opened when it is first asked for, and closed by `closers`. `patience`:
 * milliseconds to wait for a server that is still starting. What can not be opened is told with the variable that says
 * where it is.
 */
export function createParts(config: Config, logger: Logger, closers: Closers, patience?: number) {
  const { dataDir, stores, migrate } = config
  const once = <Part extends { close(): Promise<void> }>(
    name: string,
    variable: string,
    open: () => Promise<Part>,
  ) => {
    let opened: Promise<Part> | undefined
    const openNow = async () => {
      const part = await open().catch((error: unknown) => {
        throw naming(variable, error)
      })
      closers.add(name, () => part.close())
      return part
    }
    return () => {
      opened ??= openNow()
      return opened
    }
  }
  const waiting = { logger, patience }
  const sql = { dataDir, migrate, ...waiting }
  const source = once('sources', 'BLOBS_URL', () =>
    openBlobs({ url: stores.videos, sub: 'videos', dataDir, ...waiting }),
  )
  const result = once('results', 'BLOBS_URL', () =>
    openBlobs({ url: stores.mp3s, sub: 'mp3s', dataDir, ...waiting }),
  )
  return {
    secret: async () => config.jwtSecret ?? (await secretOf(dataDir)),
    users: once('users', 'USERS_URL', () => openUsers({ ...sql, url: stores.users })),
    library: once('library', 'LIBRARY_URL', () => openLibrary({ ...sql, url: stores.library })),
    notifications: once('notifications', 'NOTIFICATIONS_URL', () =>
      openNotifications({ ...sql, url: stores.notifications }),
    ),
    results: result,
    blobs: async () => ({ source: await source(), result: await result() }),
    broker: once('broker', 'BROKER_URL', () =>
      openBroker({ url: config.brokerUrl ?? '', queues: config.queues, mayBeAway: true, logger }),
    ),
    email: once('e-mail', 'SMTP_URL', () =>
      openEmail({
        url: config.mail.url ?? null,
        from: sender(config),
        dataDir: config.role === 'all' ? dataDir : null,
      }),
    ),
    sms: once('texts', 'SMS_URL', () =>
      openSms({ url: config.smsUrl ?? null, dataDir: config.role === 'all' ? dataDir : null }),
    ),
    webhooks: once('webhooks', 'ALLOW_PRIVATE_WEBHOOKS', () =>
      openWebhooks({ allowed: config.allowPrivateWebhooks }),
    ),
    /** Auth and notification in processes of their own. */
    identity: once('auth', 'AUTH_URL', () =>
      openIdentity({ url: config.authUrl ?? '', secret: config.jwtSecret ?? '' }),
    ),
    notificationCenter: once('notification', 'NOTIFICATION_URL', async () =>
      openNotificationCenter({ url: config.notificationUrl ?? '', secret: config.jwtSecret ?? '' }),
    ),
  }
}

/** A failure of a driver that names the variable. */
function naming(variable: string, error: unknown): unknown {
  if (!(error instanceof AppError) || /\b[A-Z]+_URL:/.test(error.message)) return error
  return new AppError(error.code, `${variable}: ${error.message}`, { cause: error })
}

function sender(config: Config): string {
  const host = config.publicUrl ? new URL(config.publicUrl).hostname : 'localhost'
  return config.mail.from ?? `Soundlift <soundlift@${host}>`
}
