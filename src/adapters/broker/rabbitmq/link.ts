import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { AppError, toAppError } from '../../../domain/errors.ts'
import { withDeadline } from '../../../kit/closers.ts'
import type { Logger } from '../../../kit/logger.ts'
import { createReminder } from '../../../kit/reminder.ts'
import type { Address } from './address.ts'
import { type Connect, dial } from './dial.ts'

/** A connection that is made anew whenever it is lost. */
export interface Link {
  /** The connection that stands now. */
  readonly model: ChannelModel | undefined
  /**
   * The connection, as soon as it stands. SERVICE_UNAVAILABLE when it has been missing for `milliseconds`: what needs
   * it waits through a restart of the broker, but not each time anew through an outage.
   */
  ready(milliseconds: number): Promise<ChannelModel>
  /** Gives this connection up for a new one: the one cure for a channel that was closed or a queue that is gone. */
  renew(model: ChannelModel, why: unknown): void
  close(): Promise<void>
}

export interface LinkOptions {
  readonly connect: Connect
  readonly address: Address
  /** Run on each new connection before it counts as standing. */
  readonly setup?: (model: ChannelModel) => Promise<void>
  /** Told after a connection came to stand, and after it was lost. */
  readonly onChange?: () => void
  readonly logger: Logger
}

const LONGEST_SETUP = 10_000
/** Pauses between attempts grow to this: a broker that is back is found within 5 s. */
const LONGEST_PAUSE = 2_500
/** A connection that stood so long was a good one: the next attempt follows at once. */
const STABLE = 5_000

/**
 * Keeps a connection to the broker. amqplib's own recovery is not used: it waits for ever for the end of a connection
 * that falls silent while it is being closed, misses one that ends between its setup and its listeners, and leaves the
 * sockets of silent brokers open (2.3.1, lib/recovery.js).
 */
export function keepLink({ connect, address, setup, onChange, logger }: LinkOptions): Link {
  const ended = new AbortController()
  const away = (cause: unknown) =>
    new AppError('SERVICE_UNAVAILABLE', `the broker at ${address.shown} does not answer`, { cause })
  let standing: { model: ChannelModel; giveUp: (why: unknown) => void } | undefined
  let next = promised()
  let lostAt = Date.now()
  let lastFailure: unknown

  /** Resolves with the reason when this connection no longer counts. */
  const stand = (model: ChannelModel, closed: Promise<unknown>): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const giveUp = (why: unknown) => {
      if (standing?.model !== model) return
      standing = undefined
      lostAt = Date.now()
      next = promised()
      resolve(why)
      onChange?.()
    }
    standing = { model, giveUp }
    void closed.then(giveUp)
    next.resolve(model)
    onChange?.()
    return promise
  }
  /** One connection, from its first byte to its last; for how long it stood. Rejects when it never did. */
  const attempt = async (): Promise<number> => {
    const { model, closed, end } = await dial(connect, address, ended.signal)
    try {
      await withDeadline(Promise.race([setup?.(model), closed.then(rethrow)]), LONGEST_SETUP)
      if (ended.signal.aborted) return 0
      logger.info('connected to the broker')
      const since = Date.now()
      lastFailure = await stand(model, closed)
      return Date.now() - since
    } finally {
      await end()
    }
  }
  const failed = (error: unknown): number => {
    lastFailure = error
    // Only a hand mends this: whoever waits is told at once.
    if (toAppError(error).code === 'CONFIG_INVALID') {
      next.reject(error)
      next = promised()
    }
    return 0
  }
  const run = async () => {
    const missing = () =>
      createReminder((reason) =>
        logger.warn(`no connection to the broker at ${address.shown}: ${reason}; trying again`),
      )
    let remind = missing()
    for (let failures = 0; ; failures += 1) {
      const stood = await attempt().catch(failed)
      if (ended.signal.aborted) break
      if (stood > STABLE) failures = 0
      if (stood > 0) remind = missing() // each loss is told
      remind(lastFailure instanceof Error ? lastFailure.message : 'it was closed')
      const pause = Math.random() * Math.min(LONGEST_PAUSE, 100 * 2 ** failures)
      await delay(pause, undefined, { signal: ended.signal }).catch(() => {})
    }
    next.reject(new AppError('SERVICE_UNAVAILABLE', 'the broker is closed'))
  }
  const running = run()

  return {
    get model() {
      return standing?.model
    },
    async ready(milliseconds) {
      if (standing) return standing.model
      const left = lostAt + milliseconds - Date.now()
      if (left <= 0) throw away(lastFailure)
      return withDeadline(next.promise, left).catch((error: unknown) => {
        throw error instanceof AppError ? error : away(lastFailure ?? error)
      })
    },
    renew(model, why) {
      if (standing?.model === model) standing.giveUp(why)
    },
    async close() {
      ended.abort()
      standing?.giveUp(undefined)
      await running
    },
  }
}

function promised() {
  const next = Promise.withResolvers<ChannelModel>()
  next.promise.catch(() => {}) // often nobody waits
  return next
}

function rethrow(why: unknown): never {
  throw why instanceof Error ? why : new Error('the connection was closed')
}
