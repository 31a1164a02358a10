import type { Config } from '../config.ts'
import type { Closers } from '../kit/closers.ts'
import type { Logger } from '../kit/logger.ts'
import { type Tracer, UNTRACED } from '../ports/tracer.ts'

/** Traces go to OTEL_EXPORTER_OTLP_ENDPOINT; without one nothing is traced, nor loaded. */
export async function openTracer(config: Config, logger: Logger, closers: Closers): Promise<Tracer> {
  const { otlpEndpoint: endpoint, role } = config
  if (endpoint === undefined) return UNTRACED
  const { createOtlpTracer } = await import('../telemetry/otlp.ts')
  const tracer = await createOtlpTracer(endpoint, role === 'all' ? 'soundlift' : `soundlift-${role}`, logger)
  closers.add('the tracer', () => tracer.close())
  return tracer
}
