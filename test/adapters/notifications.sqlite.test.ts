import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { notificationsContract } from '../contract/notifications.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const settings = { url: 'sqlite:', migrate: true, logger: silentLogger() }

notificationsContract('sqlite', async () => {
  const dataDir = await temporaryFolder()
  return () => openSqliteNotifications({ ...settings, dataDir })
})
