import type { FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads its body as a stream and minds its pace by itself. */
    streams?: true
  }
}

/** Milliseconds a body of a few KB may take. */
const SMALL_BODY = 30_000

/** Ends the connection of a client that trickles a small body. Uploads may take as long as they make progress. */
export function limitSmallBody(request: FastifyRequest, reply: FastifyReply): void {
  const { headers, raw, routeOptions } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || routeOptions.config.streams) return
  const timer = setTimeout(() => raw.complete || raw.socket.destroy(), SMALL_BODY)
  reply.raw.once('close', () => clearTimeout(timer))
}
