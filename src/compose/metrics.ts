import type { Config } from '../config.ts'
import { toAppError } from '../domain/errors.ts'
import type { Logger } from '../kit/logger.ts'
import type { Service } from '../kit/service.ts'
import { type Metrics, UNMEASURED } from '../ports/metrics.ts'

export interface Measured {
  readonly metrics: Metrics
  /** The server of /metrics, where there is one. */
  readonly services: readonly Service[]
}

/** What services tell of their work goes to METRICS_PORT. Without one nothing is measured, nor loaded. */
export async function openMetrics(config: Config, logger: Logger): Promise<Measured> {
  const { metrics: where, host } = config
  if (!where) return { metrics: UNMEASURED, services: [] }
  const { createMetricsServer, createPrometheus } = await import('../telemetry/index.ts')
  const prometheus = await createPrometheus(logger)
  const server = createMetricsServer(prometheus, { host, port: where.port }, logger)
  return { metrics: prometheus.metrics, services: [where.given ? server : orWithout(server, logger)] }
}

/** Several services may run on one machine: a port that nobody asked for is no reason not to start. */
function orWithout(server: Service, logger: Logger): Service {
  const start = async () => {
    try {
      await server.start()
    } catch (error) {
      if (toAppError(error).code !== 'PORT_TAKEN') throw error
      logger.warn(`no metrics: ${toAppError(error).message}; METRICS_PORT chooses another, or off`)
    }
  }
  return { ...server, start }
}
