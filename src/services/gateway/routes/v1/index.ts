import multipart from '@fastify/multipart'
import { createGuard } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { GatewayParts } from '../../parts.ts'
import { dropEmptyQuery } from '../../query.ts'
import { MULTIPART } from '../../upload/receive-multipart.ts'
import { cancelConversionRoute } from './cancel-conversion.ts'
import { createConversionRoute } from './create-conversion.ts'
import { createSessionRoute } from './create-session.ts'
import { createUserRoute } from './create-user.ts'
import { deleteFileRoute } from './delete-file.ts'
import { fileContentRoute } from './file-content.ts'
import { fileLinkRoute } from './file-link.ts'
import { getConversionRoute } from './get-conversion.ts'
import { getFileRoute } from './get-file.ts'
import { listConversionsRoute } from './list-conversions.ts'
import { listFilesRoute } from './list-files.ts'
import { meRoute } from './me.ts'
import { preferencesRoutes } from './preferences.ts'
import { retryConversionRoute } from './retry-conversion.ts'

/** Everything below /v1. Errors are problem+json. */
export async function v1Routes(app: Server, parts: GatewayParts): Promise<void> {
  createUserRoute(app, parts)
  createSessionRoute(app, parts)
  await app.register(async (guarded: Server) => {
    guarded.addHook('onRequest', createGuard(parts.identity))
    guarded.addHook('preValidation', dropEmptyQuery)
    await guarded.register(multipart, MULTIPART)
    createConversionRoute(guarded, parts)
    listConversionsRoute(guarded, parts)
    getConversionRoute(guarded, parts)
    cancelConversionRoute(guarded, parts)
    retryConversionRoute(guarded, parts)
    listFilesRoute(guarded, parts)
    getFileRoute(guarded, parts)
    fileContentRoute(guarded, parts)
    fileLinkRoute(guarded, parts)
    deleteFileRoute(guarded, parts)
    preferencesRoutes(guarded, parts)
    meRoute(guarded)
  })
}
