import { bytesIn } from './bytes-in.ts'
import { freePort } from './free-port.ts'
import { makePairing, type Pairing } from './pairings.ts'
import type { Env } from './program.ts'

export type Service = 'gateway' | 'auth' | 'converter' | 'notification'

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
export function many(pairing: Pairing): Topology {
  return async (env, folder) => {
    const { env: parts, storedBytes, drop } = await makePairing(pairing, folder)
    const common = {
      ...parts,
      JWT_SECRET: 'a secret that the four services share',
      // Nobody who registers becomes an administrator here.
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: 'correct horse battery',
      ...env,
    }
    // What comes from the gateway names the client.
    const behind = { ...common, TRUST_PROXY: 'loopback' }
    const auth = await newPlace('auth', behind, env['AUTH_PORT'])
    const notification = await newPlace('notification', behind)
    const addresses = { AUTH_URL: auth.url, NOTIFICATION_URL: notification.url }
    const gateway = await newPlace('gateway', { ...common, ...addresses }, env['PORT'])
    const settings = { ...common, PUBLIC_URL: gateway.url }
    const converter = await newPlace('converter', settings)
    const places = [gateway, auth, converter, notification].map((place) => ({
      ...place,
      env: { ...place.env, PUBLIC_URL: gateway.url },
    }))
    return { settings, places, storedBytes, drop }
  }
}

/** One more place beside these, such as a second converter. */
export function another(service: Service, { places }: Layout): Promise<Place> {
  const first = places.find((place) => place.service === service)
  if (!first) throw new Error(`${service} has no process of its own here`)
  return newPlace(service, first.env)
}

async function newPlace(service: Place['service'], env: Env, port?: string): Promise<Place> {
  const PORT = port ?? `${await freePort()}`
  return { service, env: { ...env, PORT }, url: `http://127.0.0.1:${PORT}` }
}
