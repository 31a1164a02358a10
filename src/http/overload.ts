import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import { AppError } from '../domain/errors.ts'
import type { Server } from './server.ts'

/** Milliseconds by which the event loop may be late, on average: work that waits longer only grows. */
const MAX_DELAY = 500
/** Milliseconds of that average: one long stall is no overload, many are. */
const WINDOW = 5_000
/** Of the heap that V8 gives us: beyond it the process would soon end, and all its requests with it. */
const MAX_HEAP = 0.9

/**
 * Answers OVERLOADED while the process can not keep up. Probes are answered all the same: whoever starts a busy process
 * again makes it worse.
 */
export async function shedOverload(
  app: Pick<Server, 'register'>,
  { maxDelay = MAX_DELAY, window = WINDOW } = {},
): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxDelay,
    sampleInterval: window,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP,
    pressureHandler: async ({ routeOptions }) => {
      if (!routeOptions.config.quiet) throw new AppError('OVERLOADED')
    },
  })
}
