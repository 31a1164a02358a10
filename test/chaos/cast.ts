import { randomBytes } from 'node:crypto'
import { type MailReceiver, openMailReceiver } from '../support/mail-receiver.ts'
import { type Actor, newActor, type Role } from './actor.ts'
import { PLAN } from './plan.ts'
import { ask } from './postgres-server.ts'
import type { Servers } from './servers.ts'

/** The four services, some of them several times, each in a process of its own, on real servers. */
export interface Cast {
  readonly actors: readonly Actor[]
  of(role: Role): readonly Actor[]
  readonly mail: MailReceiver
  readonly places: Places
  /** How processes ended that nobody ended. */
  falls(): readonly string[]
  /** All of them ready, whoever had been killed. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Names that nobody else uses on these servers. */
export interface Places {
  readonly users: string
  readonly library: string
  readonly videos: string
  readonly mp3s: string
  readonly queues: { readonly video: string; readonly mp3: string }
}

export interface CastOptions {
  readonly counts?: Partial<Record<Role, number>>
  readonly env?: Readonly<Record<string, string>>
  /** Between gateway and auth, for those who stand something there. */
  readonly authUrl?: (auths: readonly Actor[]) => Promise<string>
}

const COUNTS = { auth: 1, notification: 2, converter: 2, gateway: 2 } as const

/** Starts the cast and waits until all of it is ready. */
export async function openCast(servers: Servers, options: CastOptions = {}): Promise<Cast> {
  const mail = await openMailReceiver()
  const places = await newPlaces(servers)
  const base = { ...environment(servers, places), SMTP_URL: mail.url, ...options.env }
  const counts = { ...COUNTS, ...options.counts }
  const some = (role: Role, env: Readonly<Record<string, string>> = base) =>
    Promise.all(Array.from({ length: counts[role] }, (_, at) => newActor(`${role}-${at + 1}`, role, env)))

  const [auths, notifications, converters] = [
    await some('auth'),
    await some('notification'),
    await some('converter'),
  ]
  const authUrl = (await options.authUrl?.(auths)) ?? urlOf(auths)
  const behind = { AUTH_URL: authUrl, NOTIFICATION_URL: urlOf(notifications) }
  const gateways = await some('gateway', { ...base, ...behind })
  const actors = [...auths, ...notifications, ...converters, ...gateways]
  for (const actor of actors) actor.start()
  const cast: Cast = {
    actors,
    mail,
    places,
    of: (role) => actors.filter((actor) => actor.role === role),
    falls: () => actors.flatMap((actor) => actor.falls),
    ready: async () => void (await Promise.all(actors.map((actor) => actor.ready()))),
    async close() {
      await Promise.all(actors.map((actor) => actor.kill()))
      await mail.close()
    },
  }
  await cast.ready().catch(async (error: unknown) => {
    await cast.close()
    throw error
  })
  return cast
}

const urlOf = (actors: readonly Actor[]) => actors[0]?.url ?? ''

async function newPlaces({ postgres, mongodb }: Servers): Promise<Places> {
  const name = `chaos_${randomBytes(4).toString('hex')}`
  if (!(await ask(postgres.url, `create database ${name}`))) throw new Error('no database was made')
  return {
    users: postgres.url.replace(/postgres$/, name),
    library: `${mongodb.url}${name}`,
    videos: `${mongodb.url}${name}-videos`,
    mp3s: `${mongodb.url}${name}-mp3s`,
    queues: { video: `${name}.video`, mp3: `${name}.mp3` },
  }
}

function environment({ rabbitmq }: Servers, places: Places): Record<string, string> {
  return {
    USERS_URL: places.users,
    NOTIFICATIONS_URL: places.users,
    LIBRARY_URL: places.library,
    VIDEOS_URL: places.videos,
    MP3S_URL: places.mp3s,
    BROKER_URL: rabbitmq.url,
    VIDEO_QUEUE: places.queues.video,
    MP3_QUEUE: places.queues.mp3,
    JWT_SECRET: 'a secret of the chaos tests, long enough',
    PUBLIC_URL: 'http://sound.example.com',
    CONVERTER_SLOTS: '1',
    LEASE: `${PLAN.lease / 1_000}s`,
  }
}
