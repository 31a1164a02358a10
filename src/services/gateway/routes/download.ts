import { AppError } from '../../../domain/errors.ts'
import { formatOf } from '../../../domain/format.ts'
import { createGuard, whoAsks } from '../../../http/guard.ts'
import { MP3_REFUSALS } from '../../../http/refusals.ts'
import type { Server } from '../../../http/server.ts'
import { notExpired } from '../access.ts'
import { findResult } from '../find-result.ts'
import type { GatewayParts } from '../parts.ts'
import { queryText } from '../query.ts'
import { serveFile } from '../serve-file.ts'

/** `GET /download?fid=`: the result, inline, under its id. */
export function downloadRoute(app: Server, parts: GatewayParts): void {
  const { identity, library, now } = parts
  const onRequest = createGuard(identity)
  app.get('/download', { onRequest, config: { refusals: MP3_REFUSALS } }, async (request, reply) => {
    const id = queryText(request, 'fid')?.trim().toLowerCase()
    if (!id) throw new AppError('FILE_ID_MISSING')
    const result = notExpired(await findResult(whoAsks(request), id, library), now())
    const extension = result.format ? formatOf(result.format).extension : 'bin'
    return serveFile(request, reply, result, `inline; filename=${result.id}.${extension}`, parts)
  })
}
