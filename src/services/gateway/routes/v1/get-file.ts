import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { fileFor } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { FileShape, IdParams } from '../../shapes.ts'
import { showFile } from '../../show.ts'

const SCHEMA = { params: IdParams, response: { 200: FileShape } }

/** `GET /v1/files/:id`. */
export function getFileRoute(app: Server, { library }: GatewayParts): void {
  app.get('/files/:id', { schema: SCHEMA }, async (request) => {
    return showFile(await fileFor(whoAsks(request), request.params.id, library))
  })
}
