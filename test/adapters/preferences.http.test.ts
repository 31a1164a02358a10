import { expect, it, onTestFinished } from 'vitest'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { openPreferences } from '../../src/adapters/preferences/index.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { createNotificationServer } from '../../src/services/notification/index.ts'
import { preferencesContract } from '../contract/preferences.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SECRET = 'a-secret-of-thirty-two-bytes-or-more'

async function openServer() {
  const logger = silentLogger()
  const dataDir = await temporaryFolder()
  const notifications = await openSqliteNotifications({ url: 'sqlite:', dataDir, migrate: true, logger })
  const listen = { host: '127.0.0.1', port: 0 }
  const shared = { logger, trustProxy: [], corsOrigins: [] }
  const server = createNotificationServer({
    notifications,
    secret: SECRET,
    listen,
    checks: { hard: {} },
    ...shared,
  })
  onTestFinished(() => notifications.close())
  onTestFinished(() => server.stop(500))
  await server.start()
  return server
}

preferencesContract('over HTTP', async () =>
  openPreferences({ url: (await openServer()).url(), secret: SECRET }),
)

it('are told to nobody without the common secret', async () => {
  const server = await openServer()
  const stranger = await openPreferences({ url: server.url(), secret: 'another' })
  await expect(stranger.preferences('alice')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect((await fetch(`${server.url()}/preferences/alice`)).status).toBe(401)
})

it('a notification service that is away is unavailable, not an error', async () => {
  const store = await openPreferences({ url: 'http://127.0.0.1:9', secret: SECRET })
  await expect(store.preferences('alice')).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    retryAfter: 5,
  })
})
