import type { FieldError } from '../domain/errors.ts'

/** The part of the configuration that services share. */
interface Shared {
  readonly role: 'all' | 'gateway' | 'auth' | 'converter' | 'notification'
  readonly stores: Readonly<Record<'users' | 'library' | 'notifications' | 'videos' | 'mp3s', string>>
  readonly brokerUrl: string | null
  readonly authUrl: string | undefined
  readonly authLocal: boolean
  readonly notificationUrl: string | undefined
  readonly jwtSecret: string | undefined
}

/** What lies in one process or in its DATA_DIR. `file:/path` may be a folder that several processes see. */
export const isEmbedded = (url: string) => url === 'file:' || url === 'embedded:' || url.startsWith('sqlite:')

/** What a service alone can not do with: every variable at once. Embedded parts hold for one process. */
export function notShared(config: Shared): readonly FieldError[] {
  const { role } = config
  if (role === 'all') return []
  if (config.brokerUrl === null && (role === 'converter' || role === 'notification')) {
    return [{ field: 'BROKER_URL', text: `is off: then there is nothing to do for ${role}` }]
  }
  return Object.entries(neededBy(role, config))
    .filter(([, value]) => value === undefined || isEmbedded(value))
    .map(([field]) => ({
      field,
      text: `must name what ${role} shares with other processes: embedded parts hold for one`,
    }))
}

type Needed = Readonly<Record<string, string | undefined>>

function neededBy(role: Exclude<Shared['role'], 'all'>, config: Shared): Needed {
  const { stores, brokerUrl, authUrl } = config
  const library = { LIBRARY_URL: stores.library, ...(brokerUrl === null ? {} : { BROKER_URL: brokerUrl }) }
  const blobs = { BLOBS_URL: isEmbedded(stores.videos) ? stores.videos : stores.mp3s }
  const secret = { JWT_SECRET: config.jwtSecret }
  const auth = config.authLocal ? {} : { AUTH_URL: authUrl }
  const notification = brokerUrl === null ? {} : { NOTIFICATION_URL: config.notificationUrl }
  const asking = authUrl === undefined ? {} : secret // to ask auth whose the work of other programs is
  return {
    gateway: { ...library, ...blobs, ...secret, ...auth, ...notification },
    auth: { USERS_URL: stores.users, ...secret },
    converter: { ...library, ...blobs, ...asking },
    notification: { ...library, ...asking, ...secret, NOTIFICATIONS_URL: stores.notifications },
  }[role]
}
