import type { Config } from '../config.ts'
import { toAppError } from '../domain/errors.ts'
import type { HttpService } from '../http/http-service.ts'
import { createWaitingRoom } from '../http/waiting-room.ts'
import { askPatiently } from '../kit/ask-patiently.ts'
import { type Logger, silentLogger } from '../kit/logger.ts'

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
  const leave = async () => {
    await room?.stop(0)
    room = undefined
  }
  const ask = async () => {
    room ??= await openRoom(config)
    return start(leave)
  }
  const mayPass = (error: unknown) => MAY_PASS.includes(toAppError(error).code)
  try {
    return await askPatiently(ask, { logger, patience: Number.POSITIVE_INFINITY, mayPass })
  } catch (error) {
    await leave()
    throw error
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
