import { AppError } from '../../../../domain/errors.ts'
import { estimate } from '../../../../domain/estimate.ts'
import { parseWish } from '../../../../domain/wish/wish.ts'
import type { Server } from '../../../../http/server.ts'
import { EstimateBody, EstimateShape } from '../../shapes.ts'

const SCHEMA = { body: EstimateBody, response: { 200: EstimateShape } }

/**
 * `POST /v1/conversions/estimate`: how large a result is likely to be, before anything is sent or converted. Of a length,
 * which the one who asks knows: the gateway does not look into files.
 */
export function estimateConversionRoute(app: Server): void {
  app.post('/conversions/estimate', { schema: SCHEMA }, async ({ body: { duration, ...given } }) => {
    if (!(duration > 0)) {
      const errors = [{ field: 'duration', text: 'must be above 0, in seconds' }]
      throw new AppError('REQUEST_INVALID', undefined, { errors })
    }
    return estimate(parseWish(given), duration)
  })
}
