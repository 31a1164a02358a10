import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { toAppError } from '../domain/errors.ts'
import type { HttpService } from '../http/http-service.ts'
import { createWaitingRoom } from '../http/waiting-room.ts'
import { type Logger, silentLogger } from '../kit/logger.ts'

/** Milliseconds between two starts: a login that is refused is no reason to hammer at the door. */
const PAUSE = 5_000

/** What someone else may mend while the process stands: a server that is away, a password, a database that is missing. */
const MAY_PASS: readonly string[] = ['SERVICE_UNAVAILABLE', 'CONFIG_INVALID']

/**
 * Starts a service in a process of its own, as soon as what it needs is there. Until then it is alive and not ready, and
 * says what is missing. `start` is handed what is to be done before the port is needed.
 */
export async function startAlone<Started>(
  config: Config,
  logger: Logger,
  start: (beforeListening: () => Promise<void>) => Promise<Started>,
): Promise<Started> {
  let room: HttpService | undefined
  let told = ''
  const leave = async () => {
    await room?.stop(0)
    room = undefined
  }
  for (;;) {
    room ??= await openRoom(config)
    try {
      return await start(leave)
    } catch (error) {
      const { code, message } = toAppError(error)
      if (!MAY_PASS.includes(code)) {
        await leave()
        throw error
      }
      if (message !== told) logger.error({ code }, `${config.role} can not start yet: ${message}`)
      told = message
      await delay(PAUSE)
    }
  }
}

/** Says nothing of itself: that the process waits is told above. */
async function openRoom({ role, host, ports, trustProxy, corsOrigins }: Config): Promise<HttpService> {
  const port = Object.values(ports).find((each) => each !== undefined) ?? 0
  const server = { trustProxy, corsOrigins, logger: silentLogger() }
  const room = createWaitingRoom({ name: role, listen: { host, port }, ...server })
  await room.start()
  return room
}
