import type { FastifyReply, FastifyRequest } from 'fastify'
import { SERIES } from '../domain/series.ts'
import type { Metrics } from '../ports/metrics.ts'
import { statusOf } from './access-log.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Counts a request when it is over: by the route's pattern, never by its URL, and health checks not at all. */
export function measure(
  request: FastifyRequest,
  reply: FastifyReply,
  metrics: Metrics,
  passed: (socket: Socket) => Passed,
): void {
  const { method, routeOptions } = request
  const { socket } = request.raw
  reply.raw.once('close', () => {
    const { received, sent } = passed(socket)
    metrics.count(SERIES.receivedBytes, {}, received)
    metrics.count(SERIES.sentBytes, {}, sent)
    if (routeOptions.config.quiet) return
    const labels = {
      method: METHODS.includes(method) ? method : 'other',
      route: routeOptions.url ?? 'unknown',
      status: `${Math.floor(statusOf(reply) / 100)}xx`,
    }
    metrics.observe(SERIES.requests, labels, reply.elapsedTime / 1000)
  })
}

type Socket = Pick<FastifyRequest['raw']['socket'], 'bytesRead' | 'bytesWritten'>

interface Passed {
  readonly received: number
  readonly sent: number
}

/** Bytes of a connection since it was last asked about: several requests may share one. */
export function createPassed(): (socket: Socket) => Passed {
  const counted = new WeakMap<Socket, Passed>()
  return (socket) => {
    const before = counted.get(socket) ?? { received: 0, sent: 0 }
    const now = { received: socket.bytesRead, sent: socket.bytesWritten }
    counted.set(socket, now)
    return {
      received: Math.max(0, now.received - before.received),
      sent: Math.max(0, now.sent - before.sent),
    }
  }
}
