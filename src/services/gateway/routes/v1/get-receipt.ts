import { Type } from 'typebox'
import { hasEnded } from '../../../../domain/conversion.ts'
import { AppError } from '../../../../domain/errors.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { conversionFor } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { IdParams } from '../../shapes.ts'

const SCHEMA = { params: IdParams, response: { 200: Type.Unknown() } }
/** Seconds a client may wait before it asks again. */
const ASK_AGAIN = 5

/** `GET /v1/conversions/:id/receipt`: what was made of what, and how. RECEIPT_NOT_FOUND where nothing was made. */
export function getReceiptRoute(app: Server, { library }: GatewayParts): void {
  app.get('/conversions/:id/receipt', { schema: SCHEMA }, async (request) => {
    const { id, state } = await conversionFor(whoAsks(request), request.params.id, library)
    if (!hasEnded(state)) throw new AppError('CONVERSION_NOT_READY', undefined, { retryAfter: ASK_AGAIN })
    const receipt = await library.receipt(id)
    if (receipt === null) throw new AppError('RECEIPT_NOT_FOUND')
    return receipt
  })
}
