import { onTestFinished } from 'vitest'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { createNotificationCenter } from '../../src/services/notification/index.ts'
import { notificationCenterContract } from '../contract/notification-center.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

notificationCenterContract('in process', async () => {
  const dataDir = await temporaryFolder()
  const logger = silentLogger()
  const notifications = await openSqliteNotifications({ url: 'sqlite:', dataDir, migrate: true, logger })
  const library = await openSqliteLibrary({ url: 'sqlite:', dataDir, migrate: true, logger })
  onTestFinished(() => notifications.close())
  onTestFinished(() => library.close())
  const secret = 'a secret for tests'
  return {
    center: createNotificationCenter({ notifications, library, secret, allowed: [] }),
    notifications,
    secret,
  }
})
