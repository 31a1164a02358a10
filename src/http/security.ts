import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { Server } from './server.ts'

const EXPOSED_HEADERS = [
  ...['Location', 'X-Conversion-Id', 'X-File-Id', 'X-Request-Id', 'X-Error-Code', 'Retry-After'],
  ...['ETag', 'Content-Disposition', 'Content-Range', 'Accept-Ranges'],
]

const HELMET = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Audio may be played by pages of other origins: access is by token, not by cookie.
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  // Set below, only where the request came by https.
  strictTransportSecurity: false,
} as const

const YEAR = 31_536_000

/** Security headers on every answer, and which other origins a browser lets read them: never with credentials. */
export async function secure(
  app: Pick<Server, 'addHook' | 'register'>,
  corsOrigins: readonly string[],
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${YEAR}`)
  })
  await app.register(helmet, HELMET)
  await app.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 86_400,
  })
}
