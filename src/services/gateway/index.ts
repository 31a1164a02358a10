import { createHttpService, type HttpService } from '../../http/http-service.ts'
import { UNMEASURED } from '../../ports/metrics.ts'
import { UNTRACED } from '../../ports/tracer.ts'
import { buildGateway } from './app.ts'
import type { GatewayParts } from './parts.ts'

export { type ImportFilesParts, importFiles } from './import/import-files.ts'
export { linkPath } from './links.ts'
export type { GatewayParts, GatewaySettings } from './parts.ts'

type Optional = 'now' | 'metrics' | 'tracer'

/** The gateway: the only public door. `parts` stay with whoever opened them; `now` is for tests. */
export function createGateway(
  parts: Omit<GatewayParts, Optional> & Partial<Pick<GatewayParts, Optional>>,
): HttpService {
  return createHttpService('gateway', parts.settings.listen, () =>
    buildGateway({ now: Date.now, metrics: UNMEASURED, tracer: UNTRACED, ...parts }),
  )
}
