import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { conversionFor } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { ConversionShape, IdParams } from '../../shapes.ts'
import { showConversion } from '../../show.ts'

const SCHEMA = { params: IdParams, response: { 200: ConversionShape } }

/** `GET /v1/conversions/:id`. */
export function getConversionRoute(app: Server, parts: GatewayParts): void {
  app.get('/conversions/:id', { schema: SCHEMA }, async (request) => {
    return showConversion(await conversionFor(whoAsks(request), request.params.id, parts.library), parts)
  })
}
