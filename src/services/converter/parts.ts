import type { Clock } from '../../kit/clock.ts'
import type { Logger } from '../../kit/logger.ts'
import type { convert, Limits } from '../../media/convert.ts'
import type { Cores } from '../../media/cores.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Identity } from '../../ports/identity.ts'
import type { Library } from '../../ports/library.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Tracer } from '../../ports/tracer.ts'

/** What the converter works with. */
export interface ConverterParts {
  readonly library: Library
  /** Where sources are read and results are written. */
  readonly blobs: { readonly source: Blobs; readonly result: Blobs }
  readonly broker: Broker
  /** Who is known by an address; null: nobody, and what other programs bring has no owner. */
  readonly accounts: Pick<Identity, 'accountId'> | null
  readonly convert: typeof convert
  /** Shared among the attempts that run here. */
  readonly cores: Cores
  readonly settings: ConverterSettings
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracer: Tracer
  readonly now: Clock
}

/** Times in milliseconds. */
export interface ConverterSettings {
  /** Attempts at the same time. */
  readonly slots: number
  /** How long a conversion is held without a sign of life. */
  readonly leaseMs: number
  readonly limits: Limits
  /** How long a result is kept; for ever without it. */
  readonly retention?: number | undefined
  /** How long a source that is taken up is kept; for ever without it. */
  readonly sourceRetention?: number | undefined
  /** Between two looks for work of which no message came; 3 s. */
  readonly sweepMs?: number
}
