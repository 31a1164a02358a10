import type { FastifyReply, FastifyRequest } from 'fastify'

/** Milliseconds a refused client may go on sending. */
const LINGER = 10_000

/**
 * A refusal may come while the client is still sending. Closing at once would reset the connection, and with it the
 * answer; so the rest is read and thrown away for a while (RFC 9112, 9.6).
 */
export function drainUnread(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request
  reply.raw.once('finish', () => {
    if (raw.complete || raw.destroyed) return
    raw.unpipe()
    raw.on('error', () => {})
    raw.resume()
    const timer = setTimeout(() => raw.socket.destroy(), LINGER)
    raw.socket.once('close', () => clearTimeout(timer))
    raw.once('end', () => clearTimeout(timer))
  })
}
