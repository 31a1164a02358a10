import { onTestFinished } from 'vitest'
import { openSqliteUsers } from '../../src/adapters/users/sqlite.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { type AuthSettings, createAuth, createAuthServer } from '../../src/services/auth/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export const SECRET = 'sarcasm'

/** Auth over SQLite, not listening. */
export async function openAuth(
  settings: Partial<AuthSettings> = {},
  now: () => number = Date.now,
  logger = silentLogger(),
) {
  const users = await openSqliteUsers({
    url: 'sqlite:',
    dataDir: await temporaryFolder(),
    migrate: true,
    logger,
  })
  onTestFinished(() => users.close())
  const auth = createAuth({
    users,
    settings: {
      secret: SECRET,
      jwtExpiresIn: 3_600_000,
      registration: 'open',
      firstIsAdmin: false,
      admin: null,
      ...settings,
    },
    logger,
    now,
  })
  await auth.prepare()
  return { auth, users }
}

/** The same on a port of its own. */
export async function openAuthServer(settings: Partial<AuthSettings> = {}, now: () => number = Date.now) {
  const opened = await openAuth(settings, now)
  const server = createAuthServer({
    auth: opened.auth,
    secret: SECRET,
    listen: { host: '127.0.0.1', port: 0 },
    trustProxy: ['127.0.0.1'],
    corsOrigins: ['*'],
    logger: silentLogger(),
  })
  await server.start()
  onTestFinished(() => server.stop(1_000))
  return { ...opened, server, url: server.url() }
}
