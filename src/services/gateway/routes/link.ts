import { create as contentDisposition } from 'content-disposition'
import { Type } from 'typebox'
import { AppError } from '../../../domain/errors.ts'
import { PAGE_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import { notExpired } from '../access.ts'
import { fileIdOfLink } from '../links.ts'
import type { GatewayParts } from '../parts.ts'
import { serveFile } from '../serve-file.ts'

const SCHEMA = { params: Type.Object({ token: Type.String() }) }

/** `GET /link/:token`: a signed link, opened. */
export function linkRoute(app: Server, parts: GatewayParts): void {
  app.get('/link/:token', { schema: SCHEMA, config: { refusals: PAGE_REFUSALS } }, async (request, reply) => {
    const id = fileIdOfLink(request.params.token, parts)
    const file = await parts.library.file(id)
    if (!file) throw new AppError((await parts.library.formerFile(id)) ? 'FILE_EXPIRED' : 'FILE_NOT_FOUND')
    return serveFile(request, reply, notExpired(file, parts.now()), contentDisposition(file.name), parts)
  })
}
