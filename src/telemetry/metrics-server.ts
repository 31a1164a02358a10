import { createHttpService, type HttpService, type Listen } from '../http/http-service.ts'
import { createServer } from '../http/server.ts'
import type { Logger } from '../kit/logger.ts'
import type { Prometheus } from './prometheus.ts'

/** `/metrics` on a port of its own, which is for the operator's network: it asks for no password. */
export function createMetricsServer(prometheus: Prometheus, listen: Listen, logger: Logger): HttpService {
  return createHttpService('metrics', listen, async () => {
    const app = await createServer({ logger, trustProxy: [], corsOrigins: [] })
    app.get('/metrics', { config: { quiet: true } }, async (_request, reply) =>
      reply.type(prometheus.contentType).send(await prometheus.read()),
    )
    prometheus.measureProcess()
    return app
  })
}
