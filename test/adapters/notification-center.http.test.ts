import { expect, it, onTestFinished } from 'vitest'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openNotificationCenter } from '../../src/adapters/notification-center/index.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { internalToken } from '../../src/ports/internal-token.ts'
import { createNotificationCenter, createNotificationServer } from '../../src/services/notification/index.ts'
import { notificationCenterContract } from '../contract/notification-center.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SECRET = 'a-secret-of-thirty-two-bytes-or-more'

async function openServer() {
  const logger = silentLogger()
  const dataDir = await temporaryFolder()
  const notifications = await openSqliteNotifications({ url: 'sqlite:', dataDir, migrate: true, logger })
  const library = await openSqliteLibrary({ url: 'sqlite:', dataDir, migrate: true, logger })
  const listen = { host: '127.0.0.1', port: 0 }
  const shared = { logger, trustProxy: [], corsOrigins: [] }
  const server = createNotificationServer({
    center: createNotificationCenter({ notifications, library, secret: SECRET, allowed: [] }),
    secret: SECRET,
    listen,
    checks: { hard: {} },
    ...shared,
  })
  onTestFinished(() => notifications.close())
  onTestFinished(() => library.close())
  onTestFinished(() => server.stop(500))
  await server.start()
  return { server, notifications }
}

notificationCenterContract('over HTTP', async () => {
  const { server, notifications } = await openServer()
  return {
    center: await openNotificationCenter({ url: server.url(), secret: SECRET }),
    notifications,
    secret: SECRET,
  }
})

it('a stranger without the common secret is told nothing', async () => {
  const { server } = await openServer()
  const stranger = await openNotificationCenter({ url: server.url(), secret: 'another' })
  await expect(stranger.preferences({ person: 'alice' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  })
  expect((await fetch(`${server.url()}/center/deliveries`, { method: 'POST' })).status).toBe(401)
  expect((await fetch(`${server.url()}/preferences/alice`)).status).toBe(401)
})

it('a notification service that is away is unavailable, not an error', async () => {
  const store = await openNotificationCenter({ url: 'http://127.0.0.1:9', secret: SECRET })
  await expect(store.preferences({ person: 'alice' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    retryAfter: 5,
  })
})

it('still answers a gateway of the release before, which knows mails alone', async () => {
  const { server } = await openServer()
  const headers = { authorization: `Bearer ${internalToken(SECRET)}`, 'content-type': 'application/json' }
  const address = `${server.url()}/preferences/alice`
  const body = JSON.stringify({ email: { enabled: false } })
  expect((await fetch(address, { method: 'PUT', headers, body })).status).toBe(200)
  expect(await (await fetch(address, { headers })).json()).toMatchObject({ email: { enabled: false } })
})
