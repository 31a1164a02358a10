import type { Logger } from '../kit/logger.ts'

/**
 * SIGTERM and SIGINT: the first stops gently and exits with 0, or with 1 when `stop` fails or takes longer than
 * `deadline` milliseconds; the second exits at once. Returns how to stop listening.
 */
export function handleSignals(options: {
  stop: () => Promise<void>
  deadline: number
  logger: Logger
}): () => void {
  const { stop, deadline, logger } = options
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    logger.info({ signal }, 'stopping; a second signal ends at once')
    setTimeout(() => {
      logger.error({ deadline }, 'not stopped in time')
      process.exit(1)
    }, deadline).unref()
    stop().then(
      () => process.exit(0),
      (err) => {
        logger.error({ err }, 'the stop was not clean')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  return () => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
  }
}
