import { bytesIn } from './bytes-in.ts'
import { freePort } from './free-port.ts'
import { makeParts, type Pairing } from './pairings.ts'
import type { Env } from './program.ts'

const SERVICES = ['gateway', 'auth', 'converter', 'notification'] as const
export type Service = (typeof SERVICES)[number]

/** One process of the product: what it is told, and where it answers. */
export interface Place {
  readonly service: Service | 'all'
  readonly env: Env
  readonly url: string
}

/** Which services share a process, and what the processes share. */
export interface Layout {
  /** The gateway's first. */
  readonly places: readonly Place[]
  /** The variables of all of them: what a command beside them is told. */
  readonly settings: Env
  /** How many bytes lie in the blob stores. */
  storedBytes(): Promise<number>
  /** Removes what was made for them outside of their folder. */
  drop(): Promise<void>
}

/** A layout with these variables; `folder` is one that all processes see. */
export type Topology = (env: Env, folder: string) => Promise<Layout>

/** The four in one process, on embedded parts. */
export const one: Topology = async (env, folder) => {
  const settings = { DATA_DIR: folder, ...env }
  return {
    settings,
    places: [await newPlace('all', settings, env['PORT'])],
    storedBytes: () => bytesIn(`${folder}/blobs`),
    drop: async () => {},
  }
}

/** Each service in a process of its own, on the parts of a pairing. */
export function many({ choices, services = SERVICES }: Pairing): Topology {
  return async (env, folder) => {
    const { env: parts, storedBytes, drop } = await makeParts(choices, folder)
    const ports: Env = { gateway: env['PORT'] ?? '', auth: env['AUTH_PORT'] ?? '' }
    const bare = await Promise.all(services.map((service) => newPlace(service, {}, ports[service])))
    const settings = {
      ...parts,
      JWT_SECRET: 'a secret that the four services share',
      // Nobody who registers becomes an administrator here.
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: 'correct horse battery',
      METRICS_PORT: 'off', // else the one port is the first one's who comes
      ...env,
      ...addresses(bare),
    }
    // What comes from the gateway names the client.
    const trust = ({ service }: Place): Env => (service === 'gateway' ? {} : { TRUST_PROXY: 'loopback' })
    const places = bare.map((place) => ({ ...place, env: { ...settings, ...trust(place), ...place.env } }))
    return { settings, places, storedBytes, drop }
  }
}

/** Where services find each other. */
function addresses(places: readonly Place[]): Env {
  const names = { gateway: 'PUBLIC_URL', auth: 'AUTH_URL', notification: 'NOTIFICATION_URL' } as const
  const found = Object.entries(names).flatMap(([service, name]) =>
    places.filter((place) => place.service === service).map(({ url }) => [name, url]),
  )
  return Object.fromEntries(found)
}

/** One more place beside these, such as a second converter. */
export function another(service: Service, { places }: Layout): Promise<Place> {
  const first = places.find((place) => place.service === service)
  if (!first) throw new Error(`${service} has no process of its own here`)
  return newPlace(service, first.env)
}

async function newPlace(service: Place['service'], env: Env, port?: string): Promise<Place> {
  const PORT = port || `${await freePort()}`
  return { service, env: { ...env, PORT }, url: `http://127.0.0.1:${PORT}` }
}
