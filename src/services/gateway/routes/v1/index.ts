import multipart from '@fastify/multipart'
import { createGuard } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import type { Admission } from '../../admission/admission.ts'
import type { GatewayParts } from '../../parts.ts'
import { dropEmptyQuery } from '../../query.ts'
import { MULTIPART } from '../../upload/receive-multipart.ts'
import { cancelConversionRoute } from './cancel-conversion.ts'
import { createConversionRoute } from './create-conversion.ts'
import { createSessionRoute } from './create-session.ts'
import { createUserRoute } from './create-user.ts'
import { deleteFileRoute } from './delete-file.ts'
import { deliveriesRoutes } from './deliveries.ts'
import { estimateConversionRoute } from './estimate-conversion.ts'
import { fileContentRoute } from './file-content.ts'
import { fileLinkRoute } from './file-link.ts'
import { getConversionRoute } from './get-conversion.ts'
import { getFileRoute } from './get-file.ts'
import { getReceiptRoute } from './get-receipt.ts'
import { listConversionsRoute } from './list-conversions.ts'
import { listFilesRoute } from './list-files.ts'
import { meRoute } from './me.ts'
import { passwordResetsRoutes } from './password-resets.ts'
import { preferencesRoutes } from './preferences.ts'
import { retryConversionRoute } from './retry-conversion.ts'
import { webhooksRoutes } from './webhooks.ts'

/** Everything below /v1. Errors are problem+json. */
export async function v1Routes(app: Server, parts: GatewayParts, admission: Admission): Promise<void> {
  createUserRoute(app, parts)
  createSessionRoute(app, parts)
  passwordResetsRoutes(app, parts)
  await app.register(async (guarded: Server) => {
    guarded.addHook('onRequest', createGuard(parts.identity))
    guarded.addHook('preValidation', dropEmptyQuery)
    await guarded.register(multipart, MULTIPART)
    createConversionRoute(guarded, parts, admission)
    estimateConversionRoute(guarded)
    listConversionsRoute(guarded, parts)
    getConversionRoute(guarded, parts)
    getReceiptRoute(guarded, parts)
    cancelConversionRoute(guarded, parts)
    retryConversionRoute(guarded, parts, admission)
    listFilesRoute(guarded, parts)
    getFileRoute(guarded, parts)
    fileContentRoute(guarded, parts)
    fileLinkRoute(guarded, parts)
    deleteFileRoute(guarded, parts)
    preferencesRoutes(guarded, parts)
    deliveriesRoutes(guarded, parts)
    webhooksRoutes(guarded, parts)
    meRoute(guarded, parts)
  })
}
