import { SERIES } from '../../domain/series.ts'
import { remembered } from '../../kit/remembered.ts'
import type { GatewayParts } from './parts.ts'

/** Milliseconds an answer of the library is good for: several may scrape, and more often than things change. */
const FRESH = 5_000

/** The queue for whoever looks at the metrics. The gateway tells it: it runs also where converters are scaled to none. */
export function tellBacklog({ library, metrics, now }: Pick<GatewayParts, 'library' | 'metrics' | 'now'>) {
  const backlog = remembered(() => library.backlog(), FRESH)
  metrics.ask([SERIES.queued, SERIES.running, SERIES.oldestQueued], async () => {
    const { queued, running, oldestQueued } = await backlog()
    const age = oldestQueued === null ? 0 : Math.max(0, now() - oldestQueued) / 1000
    return [queued, running, age]
  })
}
