import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { conversionFor } from '../../access.ts'
import type { Admission } from '../../admission/admission.ts'
import { brokerOf, type GatewayParts } from '../../parts.ts'
import { ConversionShape, IdParams } from '../../shapes.ts'
import { showConversion } from '../../show.ts'
import { wakeConverter } from '../../wake-converter.ts'

const SCHEMA = { params: IdParams, response: { 202: ConversionShape } }

/** `POST /v1/conversions/:id/retry`: anew, without a new upload; CONVERSION_NOT_RETRYABLE unless failed or cancelled. */
export function retryConversionRoute(app: Server, parts: GatewayParts, admission: Admission): void {
  const { library, now } = parts
  app.post(
    '/conversions/:id/retry',
    { onRequest: admission.toQueue, schema: SCHEMA },
    async (request, reply) => {
      brokerOf(parts)
      const { id } = await conversionFor(whoAsks(request), request.params.id, library)
      const queued = await library.retry(id, now())
      wakeConverter(request, queued, parts)
      return reply.code(202).send(await showConversion(queued, parts))
    },
  )
}
