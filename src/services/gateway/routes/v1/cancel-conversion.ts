import { SERIES } from '../../../../domain/series.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { conversionFor } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { ConversionShape, IdParams } from '../../shapes.ts'
import { showConversion } from '../../show.ts'

const SCHEMA = { params: IdParams, response: { 200: ConversionShape } }

/** `POST /v1/conversions/:id/cancel`; CONVERSION_ENDED when there is nothing left to cancel. */
export function cancelConversionRoute(app: Server, parts: GatewayParts): void {
  const { library, metrics, now } = parts
  app.post('/conversions/:id/cancel', { schema: SCHEMA }, async (request) => {
    const { id, attempt } = await conversionFor(whoAsks(request), request.params.id, library)
    const cancelled = await library.cancel(id, now())
    metrics.count(SERIES.ended, { state: 'cancelled' })
    const { userId } = whoAsks(request)
    request.log.info({ conversionId: id, userId, attempt }, 'conversion cancelled')
    return showConversion(cancelled, parts)
  })
}
