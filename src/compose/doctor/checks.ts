import { tmpdir } from 'node:os'
import { examineBlobs } from '../../adapters/blobs/index.ts'
import { examineBroker } from '../../adapters/broker/index.ts'
import { examineEmail, examineSms } from '../../adapters/channels/index.ts'
import { examineIdentity } from '../../adapters/identity/index.ts'
import { examineLibrary } from '../../adapters/library/index.ts'
import { examineNotificationCenter } from '../../adapters/notification-center/index.ts'
import { examineNotifications } from '../../adapters/notifications/index.ts'
import { examineUsers } from '../../adapters/users/index.ts'
import type { Config, Role } from '../../config.ts'
import { silentLogger } from '../../kit/logger.ts'
import type { Examination } from '../../ports/examination.ts'
import { examineFolder, examineTemp } from './disk.ts'
import { examineEngine } from './engine.ts'
import { linkToNewest } from './link-to-newest.ts'
import { examinePublicUrl } from './public-url.ts'
import { examineSecret } from './secret.ts'

/** The examination of one part. */
export interface Check {
  readonly name: string
  /** Says where the part is. */
  readonly variable: string
  readonly examine: (found: Examination) => Promise<void>
  /** Milliseconds it may take beyond the usual. */
  readonly more?: number
}

export interface Known {
  /** JWT_SECRET; null where none was made yet. */
  readonly secret: string | null
  /** Signed with it, of nobody. */
  readonly token: string | null
  /** Milliseconds to send a slow body for. */
  readonly slow: number
}

/** What is examined for the services of `config.role`, in the order it is told. */
export function checksOf(config: Config, known: Known): readonly Check[] {
  return [...storeChecks(config), ...wayChecks(config, known), ...localChecks(config, known)]
    .filter(({ services, wanted = true }) => wanted && isFor(config, services))
    .map(({ services: _, wanted: __, ...check }) => check)
}

/** `services`: who needs the part; none: everybody. */
interface Wanted extends Check {
  readonly services: readonly Role[]
  readonly wanted?: boolean
}

const isFor = ({ role }: Config, services: readonly Role[]) =>
  role === 'all' || services.length === 0 || services.includes(role)

// biome-ignore format: one part, one row
function storeChecks({ dataDir, stores, migrate, brokerUrl, queues, diskReserve: reserve }: Config): readonly Wanted[] {
  const converts = brokerUrl !== null
  const store = (url: string) => ({ url, dataDir, migrate, logger: silentLogger() })
  const blobs = (url: string, sub: 'videos' | 'mp3s') => ({ url, sub, dataDir, reserve })
  return [
    { name: 'users', variable: 'USERS_URL', services: ['auth'], examine: (found) => examineUsers(store(stores.users), found) },
    { name: 'library', variable: 'LIBRARY_URL', services: ['gateway', 'converter', 'notification'], examine: (found) => examineLibrary(store(stores.library), found) },
    { name: 'notifications', variable: 'NOTIFICATIONS_URL', services: ['notification'], wanted: converts, examine: (found) => examineNotifications(store(stores.notifications), found) },
    { name: 'sources', variable: 'BLOBS_URL', services: ['gateway', 'converter'], examine: (found) => examineBlobs(blobs(stores.videos, 'videos'), found) },
    { name: 'results', variable: 'BLOBS_URL', services: ['gateway', 'converter'], examine: (found) => examineBlobs(blobs(stores.mp3s, 'mp3s'), found) },
    { name: 'broker', variable: 'BROKER_URL', services: ['gateway', 'converter', 'notification'], wanted: converts, examine: (found) => examineBroker({ url: brokerUrl ?? '', queues }, found) },
  ]
}

/** What is reached over HTTP or SMTP. */
// biome-ignore format: one part, one row
function wayChecks(config: Config, { secret, token }: Known): readonly Wanted[] {
  const { authUrl, notificationUrl, mail, smsUrl, brokerUrl } = config
  const [tells, auth, center] = [brokerUrl !== null, authUrl ?? '', notificationUrl ?? '']
  return [
    { name: 'auth', variable: 'AUTH_URL', services: ['gateway', 'converter', 'notification'], wanted: auth !== '' && token !== null, examine: (found) => examineIdentity({ url: auth, token: token ?? '' }, found) },
    { name: 'notification', variable: 'NOTIFICATION_URL', services: ['gateway'], wanted: center !== '' && secret !== null, examine: (found) => examineNotificationCenter({ url: center, secret: secret ?? '' }, found) },
    { name: 'mail', variable: 'SMTP_URL', services: ['notification'], wanted: tells, examine: (found) => examineMail(mail.url, found) },
    { name: 'texts', variable: 'SMS_URL', services: ['notification'], wanted: tells && smsUrl !== undefined, examine: (found) => examineSms({ url: smsUrl ?? '' }, found) },
  ]
}

async function examineMail(url: string | undefined, found: Examination): Promise<void> {
  if (url === undefined) found.fact('SMTP_URL is not set: mails are kept, see `soundlift outbox`')
  else await examineEmail({ url }, found)
}

/** This machine, and what it is called outside. */
// biome-ignore format: one part, one row
function localChecks(config: Config, { secret, token, slow }: Known): readonly Wanted[] {
  const { dataDir, publicUrl: url, limits, brokerUrl } = config
  const link = () => linkToNewest(config, secret)
  const place = { url: url ?? '', token: brokerUrl === null ? null : token, uploadLimit: limits.upload, slow, link }
  return [
    { name: 'engine', variable: 'this machine', services: ['converter'], wanted: brokerUrl !== null, examine: (found) => examineEngine(undefined, found) },
    { name: 'data folder', variable: 'DATA_DIR', services: ['all'], examine: (found) => examineFolder({ path: dataDir, reserve: config.diskReserve }, found) },
    { name: 'temp folder', variable: 'TMPDIR', services: [], examine: (found) => examineTemp(tmpdir(), found) },
    { name: 'secret', variable: 'JWT_SECRET', services: ['gateway', 'auth', 'notification'], examine: (found) => examineSecret(secret, found) },
    { name: 'public URL', variable: 'PUBLIC_URL', services: ['gateway'], wanted: url !== undefined, examine: (found) => examinePublicUrl(place, found), more: slow },
  ]
}
