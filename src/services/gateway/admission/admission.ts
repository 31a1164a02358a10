import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../domain/errors.ts'
import { emailKey } from '../../../domain/user.ts'
import { whoAsks } from '../../../http/guard.ts'
import type { GatewayParts } from '../parts.ts'
import { createPlaces } from './places.ts'

/** Who may begin: onRequest hooks behind the guard, so that who is refused has sent no byte of the body yet. */
export interface Admission {
  /** For what queues a conversion: QUEUE_FULL, TOO_MANY_QUEUED. Those under way at the same time are not counted. */
  toQueue(request: FastifyRequest): Promise<void>
  /** For what sends a file; its place is kept until the answer is sent: STORAGE_FULL, UPLOADS_BUSY, TOO_MANY_UPLOADS. */
  toUpload(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** Seconds after which a queue may be shorter. */
const QUEUE_PAUSE = 30

/** Refuses what goes beyond the bounds of the settings. */
export function createAdmission({ library, blobs, settings: { bounds } }: GatewayParts): Admission {
  const places = createPlaces(bounds.uploads)
  return {
    async toQueue(request) {
      const { userId } = whoAsks(request)
      const { inAll, each } = bounds.queue
      const later = { retryAfter: QUEUE_PAUSE }
      if ((await library.queued(each, userId)) >= each)
        throw new AppError('TOO_MANY_QUEUED', undefined, later)
      if ((await library.queued(inAll)) >= inAll) throw new AppError('QUEUE_FULL', undefined, later)
    },
    async toUpload(request, reply) {
      const { userId, email } = whoAsks(request)
      const room = (await blobs.source.room?.()) ?? Number.POSITIVE_INFINITY
      if (room <= 0 || Number(request.headers['content-length'] ?? 0) > room)
        throw new AppError('STORAGE_FULL')
      const leave = places.take(userId ?? emailKey(email))
      // Who went away while we looked is told no more.
      if (reply.raw.destroyed) leave()
      else reply.raw.once('close', leave)
    },
  }
}
