import { SERIES } from '../../domain/series.ts'
import type { ConverterParts } from './parts.ts'

/** Ends conversions whose last worker went away: nobody claims these any more. */
export async function sweepExhausted({ library, logger, metrics, now }: ConverterParts): Promise<void> {
  try {
    const count = await library.failExhausted(now())
    if (count === 0) return
    metrics.count(SERIES.ended, { state: 'failed' }, count)
    metrics.count(SERIES.failures, { code: 'WORKER_LOST' }, count)
    logger.warn({ count }, 'conversions failed: their workers went away')
  } catch (error) {
    logger.warn({ err: error }, 'the library can not be swept now')
  }
}
