import { openBlobs } from '../adapters/blobs/index.ts'
import { openBroker } from '../adapters/broker/index.ts'
import { openEmail } from '../adapters/channels/index.ts'
import { openIdentity } from '../adapters/identity/index.ts'
import { openLibrary } from '../adapters/library/index.ts'
import { openNotifications } from '../adapters/notifications/index.ts'
import { openPreferences } from '../adapters/preferences/index.ts'
import { openUsers } from '../adapters/users/index.ts'
import type { Config } from '../config.ts'
import { secretOf } from '../data-dir.ts'
import type { Closers } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'

export type Parts = ReturnType<typeof createParts>

/** The parts the configuration names; each is opened when it is first asked for, and closed by `closers`. */
export function createParts(config: Config, logger: Logger, closers: Closers) {
  const { dataDir, stores, migrate } = config
  const once = <Part extends { close(): Promise<void> }>(name: string, open: () => Promise<Part>) => {
    let opened: Promise<Part> | undefined
    const openNow = async () => {
      const part = await open()
      closers.add(name, () => part.close())
      return part
    }
    return () => {
      opened ??= openNow()
      return opened
    }
  }
  const sql = { dataDir, migrate, logger }
  const source = once('sources', () => openBlobs({ url: stores.videos, sub: 'videos', dataDir, logger }))
  const result = once('results', () => openBlobs({ url: stores.mp3s, sub: 'mp3s', dataDir, logger }))
  return {
    secret: async () => config.jwtSecret ?? (await secretOf(dataDir)),
    users: once('users', () => openUsers({ ...sql, url: stores.users })),
    library: once('library', () => openLibrary({ ...sql, url: stores.library })),
    notifications: once('notifications', () => openNotifications({ ...sql, url: stores.notifications })),
    results: result,
    blobs: async () => ({ source: await source(), result: await result() }),
    broker: once('broker', () =>
      openBroker({ url: config.brokerUrl ?? '', queues: config.queues, mayBeAway: true, logger }),
    ),
    email: once('e-mail', () =>
      openEmail({
        url: config.mail.url ?? null,
        from: sender(config),
        dataDir: config.role === 'all' ? dataDir : null,
      }),
    ),
    /** Auth and notification in processes of their own. */
    identity: once('auth', () => openIdentity({ url: config.authUrl ?? '', secret: config.jwtSecret ?? '' })),
    preferences: once('notification', async () =>
      openPreferences({ url: config.notificationUrl ?? '', secret: config.jwtSecret ?? '' }),
    ),
  }
}

function sender(config: Config): string {
  const host = config.publicUrl ? new URL(config.publicUrl).hostname : 'localhost'
  return config.mail.from ?? `Soundlift <soundlift@${host}>`
}
