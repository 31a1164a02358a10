import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { toAppError } from '../domain/errors.ts'
import { createWaitingRoom } from '../http/waiting-room.ts'
import type { Logger } from '../kit/logger.ts'

/** Milliseconds between two starts: a login that is refused is no reason to hammer at the door. */
const PAUSE = 5_000

/** What someone else may mend while the process stands: a server that is away, a password, a database that is missing. */
const MAY_PASS: readonly string[] = ['SERVICE_UNAVAILABLE', 'CONFIG_INVALID']

/**
 * Starts a service in a process of its own, as soon as what it needs is there. Until then it is alive and not ready, and
 * says once what is missing. `start` is handed what is to be done before the port is needed.
 */
export async function startAlone<Started>(
  { role, host, ports, trustProxy, corsOrigins }: Config,
  logger: Logger,
  start: (beforeListening: () => Promise<void>) => Promise<Started>,
): Promise<Started> {
  const port = Object.values(ports).find((each) => each !== undefined) ?? 0
  let told = ''
  for (;;) {
    const room = createWaitingRoom({ name: role, listen: { host, port }, trustProxy, corsOrigins, logger })
    await room.start()
    try {
      return await start(() => room.stop(0))
    } catch (error) {
      const { code, message } = toAppError(error)
      if (!MAY_PASS.includes(code)) {
        await room.stop(0)
        throw error
      }
      if (message !== told) logger.error({ code }, `${role} can not start yet: ${message}`)
      told = message
      await delay(PAUSE)
      await room.stop(0)
    }
  }
}
