import type { FieldError } from '../domain/errors.ts'

/** The part of the configuration that services share. */
interface Shared {
  readonly role: 'all' | 'gateway' | 'auth' | 'converter' | 'notification'
  readonly stores: Readonly<Record<'users' | 'library' | 'notifications' | 'videos' | 'mp3s', string>>
  readonly brokerUrl: string
  readonly authUrl: string | undefined
  readonly notificationUrl: string | undefined
  readonly jwtSecret: string | undefined
}

/** What lies in one process or in its DATA_DIR. `file:/path` may be a folder that several processes see. */
const isEmbedded = (url: string) => url === 'file:' || url === 'embedded:' || url.startsWith('sqlite:')

/** What a service alone can not do with: every variable at once. Embedded parts hold for one process. */
export function notShared(config: Shared): readonly FieldError[] {
  const { role, stores } = config
  if (role === 'all') return []
  const library = { LIBRARY_URL: stores.library, BROKER_URL: config.brokerUrl }
  const blobs = { BLOBS_URL: isEmbedded(stores.videos) ? stores.videos : stores.mp3s }
  const secret = { JWT_SECRET: config.jwtSecret }
  const needed: Readonly<Record<string, string | undefined>> = {
    gateway: {
      ...library,
      ...blobs,
      ...secret,
      AUTH_URL: config.authUrl,
      NOTIFICATION_URL: config.notificationUrl,
    },
    auth: { USERS_URL: stores.users, ...secret },
    converter: { ...library, ...blobs },
    notification: { ...library, ...secret, NOTIFICATIONS_URL: stores.notifications },
  }[role]
  return Object.entries(needed)
    .filter(([, value]) => value === undefined || isEmbedded(value))
    .map(([field]) => ({
      field,
      text: `must name what ${role} shares with other processes: embedded parts hold for one`,
    }))
}
