import type { Config } from '../config.ts'
import { Closers } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import { createParts, type Parts } from './parts.ts'

/** Runs `use` on the parts of a configuration, beside a running server too; what it opened is closed when it ends. */
export async function withParts<Result>(
  config: Config,
  logger: Logger,
  use: (parts: Parts, closers: Closers) => Promise<Result>,
): Promise<Result> {
  const closers = new Closers()
  try {
    return await use(createParts(config, logger, closers), closers)
  } finally {
    await closers.closeAll()
  }
}
