import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Span, Tracer } from '../ports/tracer.ts'
import { statusOf } from './access-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The deed that this request is; what it causes goes on from here. */
    span: Span | null
  }
}

/** A span for each request but health checks, named after its route: the address itself may carry a token. */
export function trace(request: FastifyRequest, reply: FastifyReply, tracer: Tracer): void {
  const { method, routeOptions, headers } = request
  if (routeOptions.config.quiet) return
  const route = routeOptions.url ?? 'unknown'
  const given = headers['traceparent']
  const span = tracer.begin(`${method} ${route}`, {
    kind: 'server',
    parent: typeof given === 'string' ? given : null,
    attributes: { 'http.request.method': method, 'http.route': route, 'soundlift.request.id': request.id },
  })
  request.span = span
  reply.raw.once('close', () => {
    const status = statusOf(reply)
    span.set({ 'http.response.status_code': status })
    if (request.claims?.userId) span.set({ 'enduser.id': request.claims.userId })
    span.end(status >= 500 ? { error: `${status}` } : {})
  })
}
