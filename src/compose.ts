import { openMetrics } from './compose/metrics.ts'
import { createParts } from './compose/parts.ts'
import {
  type Making,
  makeAuth,
  makeConverter,
  makeGateway,
  makeIdentity,
  makeNotification,
  makeNotificationCenter,
  makeUpkeep,
} from './compose/services.ts'
import { startAlone } from './compose/start-alone.ts'
import { openTracer } from './compose/tracing.ts'
import type { Config } from './config.ts'
import { lockDataDir, makeDataDir } from './data-dir.ts'
import { Closers } from './kit/closers.ts'
import type { Logger } from './kit/logger.ts'
import type { Service } from './kit/service.ts'
import type { Identity } from './ports/identity.ts'
import { createPasswords } from './services/auth/index.ts'

/** The services of this process: the four, or one of them. */
export interface Soundlift {
  /** Where the gateway listens; empty when it is not here. */
  readonly url: string
  /** Gently, within `milliseconds`: takes nothing new, finishes or hands back what is under way, closes all. */
  stop(milliseconds: number): Promise<void>
}

/** Where a gateway is that nothing else was said about: the base of links in mails must be one. */
const GATEWAY = 'http://127.0.0.1:8080'
/** Kept back from the time to stop for closing the stores, milliseconds. */
const CLOSING = 2_000

/**
 * Opens the parts that the services of `config.role` need and starts them; whatever was opened is closed on failure. A
 * service alone waits for its parts.
 */
export async function startServices(config: Config, logger: Logger): Promise<Soundlift> {
  if (config.role === 'all') return start(config, logger)
  return startAlone(config, logger, (beforeListening) => start(config, logger, beforeListening))
}

async function start(config: Config, logger: Logger, beforeListening = async () => {}): Promise<Soundlift> {
  const closers = new Closers()
  try {
    if (config.role === 'all') {
      await makeDataDir(config.dataDir)
      closers.add('the lock of DATA_DIR', lockDataDir(config.dataDir))
    }
    const patience = config.role === 'all' ? undefined : 0 // who is alone waits as a whole
    const measured = await openMetrics(config, logger)
    const making = {
      config,
      logger,
      tracer: await openTracer(config, logger, closers),
      metrics: measured.metrics,
      parts: createParts(config, logger, closers, patience),
    }
    const { services, url } = config.role === 'all' ? await makeAll(making) : await makeOne(making)
    await beforeListening()
    for (const service of [...services, ...measured.services]) {
      closers.add(service.name, () => service.stop(0))
      await service.start()
    }
    const stop = async (milliseconds: number) => {
      const time = milliseconds - CLOSING
      const stopped = await Promise.allSettled(services.map((service) => service.stop(time)))
      await closers.closeAll(CLOSING)
      const failed = stopped.find((each) => each.status === 'rejected')
      if (failed) throw failed.reason
    }
    return { url: url(), stop }
  } catch (error) {
    await closers.closeAll().catch((err: unknown) => logger.error({ err }, 'not everything was closed'))
    throw error
  }
}

interface Made {
  /** In the order they start. */
  readonly services: readonly Service[]
  readonly url: () => string
}

/** One process: a service is handed the other's object. */
async function makeAll(making: Making): Promise<Made> {
  const { auth, services } = await makeAuth(making)
  if (making.config.brokerUrl === null) {
    const gateway = await makeGateway(making, auth, null)
    return { services: [...services, gateway, await makeUpkeep(making)], url: gateway.url }
  }
  const gateway = await makeGateway(making, auth, await makeNotificationCenter(making))
  // Notification comes last: the links in mails name where the gateway listens.
  const notification = await makeNotification(making, auth, () => making.config.publicUrl ?? gateway.url())
  return {
    services: [...services, ...(await makeConverter(making, auth)), gateway, ...notification],
    url: gateway.url,
  }
}

/** A process of its own: HTTP stands between. */
async function makeOne(making: Making): Promise<Made> {
  const { config, parts } = making
  const none = () => ''
  switch (config.role) {
    case 'auth':
      return { services: (await makeAuth(making)).services, url: none }
    case 'converter':
      return { services: await makeConverter(making, await accountsOf(making)), url: none }
    case 'notification': {
      const accounts = await accountsOf(making)
      return {
        services: await makeNotification(making, accounts, () => config.publicUrl ?? GATEWAY),
        url: none,
      }
    }
    default: {
      const center = config.brokerUrl === null ? null : await parts.notificationCenter()
      const gateway = await makeGateway(making, await makeIdentity(making), center)
      const upkeep = config.brokerUrl === null ? [await makeUpkeep(making)] : []
      return { services: [gateway, ...upkeep], url: gateway.url }
    }
  }
}

/** Auth, for a service that can do without. */
async function accountsOf({ config, parts }: Making): Promise<Identity | null> {
  return config.authUrl === undefined ? null : await parts.identity()
}

/** A password as the auth service keeps it. */
export function hashPassword(password: string): Promise<string> {
  return createPasswords().hash(password)
}
