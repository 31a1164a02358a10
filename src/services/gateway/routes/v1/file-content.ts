import { create as contentDisposition } from 'content-disposition'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { fileFor, notExpired } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { serveFile } from '../../serve-file.ts'
import { IdParams } from '../../shapes.ts'

/** `GET /v1/files/:id/content`: the bytes, as an attachment under the file's own name. */
export function fileContentRoute(app: Server, parts: GatewayParts): void {
  const { library, now } = parts
  app.get('/files/:id/content', { schema: { params: IdParams } }, async (request, reply) => {
    const file = notExpired(await fileFor(whoAsks(request), request.params.id, library), now())
    return serveFile(request, reply, file, contentDisposition(file.name), parts)
  })
}
