import { createHttpService, type HttpService } from '../../http/http-service.ts'
import { buildGateway } from './app.ts'
import type { GatewayParts } from './parts.ts'

export { type ImportFilesParts, importFiles } from './import/import-files.ts'
export type { GatewayParts, GatewaySettings } from './parts.ts'

/** The gateway: the only public door. `parts` stay with whoever opened them; `now` is for tests. */
export function createGateway(
  parts: Omit<GatewayParts, 'now'> & Partial<Pick<GatewayParts, 'now'>>,
): HttpService {
  return createHttpService('gateway', parts.settings.listen, () => buildGateway({ now: Date.now, ...parts }))
}
