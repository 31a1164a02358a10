import { setTimeout as delay } from 'node:timers/promises'
import { AppError, isErrno } from '../domain/errors.ts'
import type { Service } from '../kit/service.ts'
import type { Server } from './server.ts'

export interface Listen {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /**
   * Milliseconds for which a stop goes on to take new connections, with readiness off: whoever balances between several
   * of us sends some until it has heard; 0.
   */
  readonly linger?: number
}

export interface HttpService extends Service {
  /** `http://127.0.0.1:8080`, once started. */
  url(): string
}

/** A service that listens: opens `build()` on start; on stop lets what is under way finish, within the time given. */
export function createHttpService(name: string, listen: Listen, build: () => Promise<Server>): HttpService {
  let starting: Promise<Server> | undefined
  let stopping: Promise<void> | undefined
  let address = ''

  const open = async () => {
    const app = await build()
    try {
      address = await app.listen({
        host: listen.host,
        port: listen.port,
        listenTextResolver: (at) => `${name} listens on ${at}`,
      })
    } catch (error) {
      await app.close()
      throw isErrno(error, 'EADDRINUSE') ? portTaken(name, listen, error) : error
    }
    return app
  }

  return {
    name,
    url: () => address,
    async start() {
      starting ??= open()
      await starting
    },
    stop(milliseconds) {
      stopping ??= close(starting, milliseconds, listen.linger)
      return stopping
    },
  }
}

const portTaken = (name: string, { host, port }: Listen, cause: unknown) =>
  new AppError('PORT_TAKEN', `${name} can not listen on ${host}:${port}, another program does`, { cause })

async function close(starting: Promise<Server> | undefined, milliseconds: number, linger = 0): Promise<void> {
  const app = await starting?.catch(() => undefined)
  if (!app) return
  app.lifecycle.stopping = true
  const lingering = Math.min(linger, milliseconds / 2)
  await delay(lingering)
  await closeGently(app, milliseconds - lingering)
}

async function closeGently(app: Server, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), milliseconds)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}
