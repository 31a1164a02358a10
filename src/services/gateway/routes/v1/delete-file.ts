import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { fileFor } from '../../access.ts'
import type { GatewayParts } from '../../parts.ts'
import { IdParams } from '../../shapes.ts'

/** `DELETE /v1/files/:id` → 204; FILE_IN_USE while a conversion needs it. The row goes first: nobody finds half a file. */
export function deleteFileRoute(app: Server, { library, blobs }: GatewayParts): void {
  app.delete('/files/:id', { schema: { params: IdParams } }, async (request, reply) => {
    const { id } = await fileFor(whoAsks(request), request.params.id, library)
    const { kind, blobKey } = await library.removeFile(id)
    await blobs[kind].remove(blobKey).catch((err: unknown) => {
      request.log.warn({ err, file: id }, 'the blob of a removed file stays until the sweep')
    })
    return reply.code(204).send()
  })
}
