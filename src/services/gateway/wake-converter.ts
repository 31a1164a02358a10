import type { FastifyRequest } from 'fastify'
import type { Conversion } from '../../domain/conversion.ts'
import { wakeUpCall } from '../../domain/queue-message.ts'
import type { GatewayParts } from './parts.ts'

/** Tells the converters to look for work. A lost call is repeated by their sweep, so nobody waits for it here. */
export function wakeConverter(
  request: FastifyRequest,
  conversion: Conversion,
  { broker }: Pick<GatewayParts, 'broker'>,
): void {
  const { id, ownerId } = conversion
  request.log.info({ conversionId: id, userId: ownerId }, 'conversion queued')
  broker?.publish('video', wakeUpCall(conversion, request.id)).catch((err: unknown) => {
    request.log.warn({ err, conversionId: id }, 'the wake-up call was not taken; the sweep repeats it')
  })
}
