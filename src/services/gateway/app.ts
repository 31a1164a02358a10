import multipart from '@fastify/multipart'
import { ANY_TYPE, contentTypeOf } from '../../domain/content-type.ts'
import { accountRoutes } from '../../http/account-routes/index.ts'
import { healthRoutes } from '../../http/health.ts'
import { createServer, type Server } from '../../http/server.ts'
import { createAdmission } from './admission/admission.ts'
import type { GatewayParts } from './parts.ts'
import { downloadRoute } from './routes/download.ts'
import { fileRoute } from './routes/file.ts'
import { linkRoute } from './routes/link.ts'
import { resetRoute } from './routes/reset.ts'
import { rootRoute } from './routes/root.ts'
import { unsubscribeRoute } from './routes/unsubscribe.ts'
import { uploadRoute } from './routes/upload.ts'
import { v1Routes } from './routes/v1/index.ts'
import { tellBacklog } from './tell-backlog.ts'
import { MULTIPART } from './upload/receive-multipart.ts'

/** The gateway without a port. */
export async function buildGateway(parts: GatewayParts): Promise<Server> {
  const { trustProxy, corsOrigins } = parts.settings
  const { logger, metrics, tracer } = parts
  const app = await createServer({ logger, metrics, tracer, trustProxy, corsOrigins })
  const admission = createAdmission(parts)
  tellBacklog(parts)
  healthRoutes(app, checksOf(parts))
  rootRoute(app)
  await accountRoutes(app, parts.identity)
  downloadRoute(app, parts)
  fileRoute(app, parts)
  linkRoute(app, parts)
  await app.register(async (scope: Server) => {
    await takeAnyBody(scope)
    uploadRoute(scope, parts, admission)
    unsubscribeRoute(scope, parts)
  })
  await app.register((scope: Server) => resetRoute(scope, parts))
  await app.register((scope: Server) => v1Routes(scope, parts, admission), { prefix: '/v1' })
  return app
}

/** Forms are parsed as they come; every other body stays a stream, whatever it calls itself. */
async function takeAnyBody(scope: Server): Promise<void> {
  scope.removeAllContentTypeParsers()
  await scope.register(multipart, MULTIPART)
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
  // Fastify itself refuses a content type that is none.
  scope.addHook('onRequest', async ({ raw: { headers } }) => {
    if (contentTypeOf(headers['content-type']) === ANY_TYPE) headers['content-type'] = ANY_TYPE
  })
}

function checksOf({ library, blobs, identity, broker }: GatewayParts) {
  let authAnswered = false
  const auth = async () => {
    if (authAnswered) return
    await identity.ping()
    authAnswered = true
  }
  const pingBroker = async () => {
    if (!broker?.connected) throw new Error('not connected')
  }
  return {
    hard: {
      library: () => library.ping(),
      blobs: () => Promise.all([blobs.source.ping(), blobs.result.ping()]),
      auth,
    },
    shown: broker ? { broker: pingBroker } : {},
  }
}
