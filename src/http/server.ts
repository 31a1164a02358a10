import type { IncomingMessage } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { newId } from '../kit/ids.ts'
import type { Logger } from '../kit/logger.ts'
import { type Metrics, UNMEASURED } from '../ports/metrics.ts'
import { type Tracer, UNTRACED } from '../ports/tracer.ts'
import { logAccess } from './access-log.ts'
import { limitSmallBody } from './body-deadline.ts'
import { takeEmptyJson } from './empty-json.ts'
import { answerError } from './error-handler.ts'
import { continueLate } from './expect-continue.ts'
import { createPassed, measure } from './measure.ts'
import { shedOverload } from './overload.ts'
import { secure } from './security.ts'
import { trace } from './trace.ts'
import { drainUnread } from './unread-body.ts'

export interface ServerOptions {
  readonly logger: Logger
  /** Networks whose X-Forwarded-* counts. */
  readonly trustProxy: readonly string[]
  /** `*` for everyone; empty: no other origin. */
  readonly corsOrigins: readonly string[]
  /** Absent: requests are not counted. */
  readonly metrics?: Metrics
  /** Absent: requests are not traced. */
  readonly tracer?: Tracer
}

export type Server = Awaited<ReturnType<typeof createServer>>

declare module 'fastify' {
  interface FastifyInstance {
    /** Turned on before the server closes: /readyz says so, connections are not kept. */
    lifecycle: { stopping: boolean }
  }
}

/** Largest JSON body. Uploads are not parsed and have limits of their own. */
const BODY_LIMIT = 16 * 1024
/** Milliseconds a client may take to send the headers. */
const HEADERS_TIMEOUT = 30_000
/** Signed links carry their token in the path. */
const MAX_PARAM_LENGTH = 2_000

/** A Fastify server with what all our services share: request ids, one access line, headers, one error handler. */
export async function createServer({
  logger,
  trustProxy,
  corsOrigins,
  metrics = UNMEASURED,
  tracer = UNTRACED,
}: ServerOptions) {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    bodyLimit: BODY_LIMIT,
    // An honest slow upload may take hours: uploads end on no progress instead.
    requestTimeout: 0,
    http: { headersTimeout: HEADERS_TIMEOUT },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // While stopping, requests that still arrive are served, on connections that then close.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: answerError,
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.decorate('lifecycle', { stopping: false })
  app.decorateRequest('claims', null)
  app.decorateRequest('span', null)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() => {
    throw new AppError('ROUTE_NOT_FOUND')
  })
  const passed = createPassed()
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    logAccess(request, reply)
    measure(request, reply, metrics, passed)
    trace(request, reply, tracer)
    limitSmallBody(request, reply)
    drainUnread(request, reply)
  })
  app.addHook('onSend', async (_request, reply) => {
    if (app.lifecycle.stopping) reply.header('connection', 'close')
  })
  continueLate(app)
  takeEmptyJson(app)
  await secure(app, corsOrigins)
  await shedOverload(app)
  return app
}

const SANE_ID = /^[\w.:-]{1,64}$/

/** The id a client gave when it is sane, else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SANE_ID.test(given) ? given : newId()
}
