import type { FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No access line: probes come every few seconds. */
    quiet?: true
  }
}

/** nginx's status for a client that went away before its answer began. */
const CLIENT_GONE = 499

/** The status of an answer that is over. */
export function statusOf(reply: FastifyReply): number {
  return reply.raw.headersSent ? reply.statusCode : CLIENT_GONE
}

/** One line when the request is over: the route, never the address itself, which may carry a token. */
export function logAccess(request: FastifyRequest, reply: FastifyReply): void {
  const { method, routeOptions } = request
  if (routeOptions.config.quiet) return
  reply.raw.once('close', () => {
    const line = {
      method,
      route: routeOptions.url ?? null,
      status: statusOf(reply),
      ms: Math.round(reply.elapsedTime),
      userId: request.claims?.userId ?? null,
    }
    request.log.info(line, 'request')
  })
}
