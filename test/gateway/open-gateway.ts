import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openBlobs } from '../../src/adapters/blobs/index.ts'
import { openEmbedded } from '../../src/adapters/broker/embedded.ts'
import { openSqliteLibrary } from '../../src/adapters/library/sqlite.ts'
import { openSqliteNotifications } from '../../src/adapters/notifications/sqlite.ts'
import { openSqliteUsers } from '../../src/adapters/users/sqlite.ts'
import type { Logger } from '../../src/kit/logger.ts'
import { silentLogger } from '../../src/kit/logger.ts'
import { UNMEASURED } from '../../src/ports/metrics.ts'
import { UNTRACED } from '../../src/ports/tracer.ts'
import { createAuth } from '../../src/services/auth/index.ts'
import { createGateway, type GatewayParts, type GatewaySettings } from '../../src/services/gateway/index.ts'
import { createNotificationCenter } from '../../src/services/notification/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export const SECRET = 'sarcasm'

export interface Options {
  readonly settings?: Partial<GatewaySettings>
  readonly logger?: Logger
  /** Puts something in front of a part. */
  readonly wrap?: (parts: GatewayParts) => Partial<GatewayParts>
}

/** A gateway with auth in its process, listening, on embedded parts; closed when the test is over. */
export async function openGateway({ settings = {}, logger = silentLogger(), wrap }: Options = {}) {
  const dataDir = await temporaryFolder()
  const store = { url: 'sqlite:', dataDir, migrate: true, logger: silentLogger() }
  const users = await openSqliteUsers(store)
  const library = await openSqliteLibrary(store)
  const notifications = await openSqliteNotifications(store)
  const blobs = {
    source: await openBlobs({ url: 'file:', sub: 'videos', dataDir, logger }),
    result: await openBlobs({ url: 'file:', sub: 'mp3s', dataDir, logger }),
  }
  const broker = openEmbedded()
  const admin = { email: 'admin@example.com', password: 'correct horse' }
  const identity = createAuth({
    users,
    settings: { secret: SECRET, jwtExpiresIn: 3_600_000, registration: 'open', firstIsAdmin: false, admin },
    logger: silentLogger(),
  })
  await identity.prepare()
  const parts: GatewayParts = {
    identity,
    library,
    blobs,
    broker,
    notificationCenter: createNotificationCenter({
      notifications,
      library,
      secret: SECRET,
      allowed: ['127.0.0.1'],
    }),
    settings: {
      listen: { host: '127.0.0.1', port: 0 },
      publicUrl: null,
      trustProxy: [],
      corsOrigins: ['*'],
      secret: SECRET,
      uploadLimit: 1024 ** 3,
      rawUploadLimit: 50 * 1024 ** 2,
      bounds: { uploads: { inAll: 100, each: 100 }, queue: { inAll: 1_000, each: 1_000 } },
      stallTimeout: 5_000,
      quota: {},
      ...settings,
    },
    logger,
    metrics: UNMEASURED,
    tracer: UNTRACED,
    now: Date.now,
  }
  const gateway = createGateway({ ...parts, ...wrap?.(parts) })
  await gateway.start()
  onTestFinished(async () => {
    await gateway.stop(1_000)
    for (const part of [broker, blobs.source, blobs.result, notifications, library, users]) await part.close()
  })
  const token = async (email: string) => {
    await identity.register({ email, password: 'correct horse' })
    return identity.login({ email, password: 'correct horse', address: '127.0.0.1' }, 'basic')
  }
  return {
    url: gateway.url(),
    gateway,
    users,
    library,
    blobs,
    broker,
    notifications,
    identity,
    token,
    dataDir,
    admin,
  }
}

export type Opened = Awaited<ReturnType<typeof openGateway>>

/** Every file below the blob stores, finished or not. */
export async function blobsOf(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

/** Status and body. */
export async function told(answer: Response) {
  return { status: answer.status, body: await answer.text() }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** A form with one part per file. */
export function form(
  files: readonly (readonly [field: string, name: string, content: string])[],
  fields = {},
) {
  const made = new FormData()
  for (const [field, name, content] of files) made.append(field, new Blob([content]), name)
  for (const [name, value] of Object.entries(fields)) made.append(name, String(value))
  return made
}
