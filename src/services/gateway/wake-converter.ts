import type { FastifyRequest } from 'fastify'
import type { Conversion } from '../../domain/conversion.ts'
import type { GatewayParts } from './parts.ts'

/** Tells the converters to look for work. A lost call is repeated by their sweep, so nobody waits for it here. */
export function wakeConverter(
  request: FastifyRequest,
  conversion: Conversion,
  { broker }: Pick<GatewayParts, 'broker'>,
): void {
  const { id, sourceId, ownerEmail } = conversion
  const message = {
    video_fid: sourceId,
    mp3_fid: null,
    username: ownerEmail,
    conversion_id: id,
    request_id: request.id,
  }
  request.log.info({ conversionId: id }, 'conversion queued')
  broker?.publish('video', message).catch((err: unknown) => {
    request.log.warn({ err, conversionId: id }, 'the wake-up call was not taken; the sweep repeats it')
  })
}
