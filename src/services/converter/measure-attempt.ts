import type { Conversion } from '../../domain/conversion.ts'
import { SERIES } from '../../domain/series.ts'
import type { Receipt } from '../../media/receipt.ts'
import type { Metrics } from '../../ports/metrics.ts'

/** How long it lay in the queue. Only the first claim tells: later ones come after pauses and retries. */
export function measureWait({ fence, createdAt, startedAt }: Conversion, metrics: Metrics): void {
  if (fence !== 1 || startedAt === null) return
  metrics.observe(SERIES.stages, { stage: 'wait' }, Math.max(0, startedAt - createdAt) / 1000)
}

/** A conversion that is done. */
export function measureDone({ source, result, seconds }: Receipt, metrics: Metrics): void {
  metrics.count(SERIES.ended, { state: 'done' })
  metrics.count(SERIES.sourceBytes, {}, source.bytesRead)
  metrics.count(SERIES.resultBytes, {}, result.bytes)
  for (const [stage, spent] of Object.entries(seconds)) metrics.observe(SERIES.stages, { stage }, spent)
}
